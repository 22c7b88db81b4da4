import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { type AsOf, asOf as asOfIn } from '../../../domain/audit/as-of.ts'
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
import { datedEvent } from './dated.ts'
import { type MomentInput, momentOf } from './moment.ts'

/** A key, and the moment as of which it is asked for. */
export type AsOfRequest = KeyRef & {
  /** By time, or after a revision. */
  readonly at: MomentInput
}

const members = noMisspelt<AsOfRequest>({ ...keyRefNames, at: true })

const parseAsOf = (settings: Settings, request: AsOfRequest) =>
  allOf({ recordId: keyRef(settings, request), at: momentOf('$.at', request.at) })

/**
 * A key as it stood at a moment: the fold of the events up to it. Before its first event it was never seen; a revision
 * that it does not have yet is `InvalidInput`. The whole stream is read, and damage in it is `CorruptStream`.
 */
export const asOf =
  (settings: Settings) =>
  (request: AsOfRequest): TE.TaskEither<Failure, AsOf> =>
  () =>
    pipe(
      TE.fromEither(parseRequest(settings, parseAsOf, request, members)),
      TE.flatMap(({ recordId, at }) =>
        pipe(
          readHistory(settings)(streamName(settings.category, recordId)),
          TE.flatMapEither((events) => asOfIn(events.map(datedEvent), at))
        )
      )
    )()
