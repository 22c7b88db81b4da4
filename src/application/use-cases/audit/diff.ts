import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { AsOf } from '../../../domain/audit/as-of.ts'
import { type ChangedField, diff as diffIn } from '../../../domain/audit/diff.ts'
import type { Failure } from '../../../domain/failure.ts'
import { streamName } from '../../../domain/identity.ts'
import { noMisspelt } from '../../../domain/parsing/known-members.ts'
import { allOf } from '../../../domain/parsing/parsed.ts'
import { keyRef } from '../../requests/key-ref.ts'
import { keyRefNames } from '../../requests/members.ts'
import { parseRequest } from '../../requests/parse-request.ts'
import type { KeyRef } from '../../requests/requests.ts'
import type { Settings } from '../../settings.ts'
import { readHistory } from '../../stream/read-history.ts'
import { entryOf, type HistoryEntry } from '../history.ts'
import { datedEvent } from './dated.ts'
import { type MomentInput, momentOf } from './moment.ts'

/** A key, and the two moments to compare. */
export type DiffRequest = KeyRef & {
  /** The earlier moment. */
  readonly from: MomentInput
  /** The later moment. */
  readonly to: MomentInput
}

/** A key at two moments: the fields of its record that differ, and the events between the two. */
export type KeyDiff = {
  /** The key as it stood at the earlier moment. */
  readonly from: AsOf
  /** The key as it stood at the later one. */
  readonly to: AsOf
  /** The fields of the record that differ. */
  readonly fields: ReadonlyArray<ChangedField>
  /** What happened after the earlier moment, up to the later one, oldest first. */
  readonly events: ReadonlyArray<HistoryEntry>
}

const members = noMisspelt<DiffRequest>({ ...keyRefNames, from: true, to: true })

const parseDiff = (settings: Settings, request: DiffRequest) =>
  allOf({
    recordId: keyRef(settings, request),
    from: momentOf('$.from', request.from),
    to: momentOf('$.to', request.to)
  })

/** Compares a key at two moments, the earlier one first. Moments are judged as `asOf` judges them. */
export const diff =
  (settings: Settings) =>
  (request: DiffRequest): TE.TaskEither<Failure, KeyDiff> =>
  () =>
    pipe(
      TE.fromEither(parseRequest(settings, parseDiff, request, members)),
      TE.flatMap(({ recordId, from, to }) =>
        pipe(
          readHistory(settings)(streamName(settings.category, recordId)),
          TE.flatMapEither((events) => diffIn(events.map(datedEvent), from, to)),
          TE.map((found) => ({ ...found, events: found.events.map(({ decoded }) => entryOf(decoded)) }))
        )
      )
    )()
