import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { Failure } from '../../domain/failure.ts'
import { type RecordId, streamName } from '../../domain/identity.ts'
import type { Parsed } from '../../domain/parsing/parsed.ts'
import type { IdempotencyRecord } from '../../domain/record.ts'
import { recordOf } from '../../domain/state.ts'
import { isRecordRef, keyRef } from '../requests/key-ref.ts'
import { keyRefMembers } from '../requests/members.ts'
import { parseRequest } from '../requests/parse-request.ts'
import type { KeyRef } from '../requests/requests.ts'
import { trimmed } from '../requests/trimmed-fields.ts'
import type { Settings } from '../settings.ts'
import { readState } from '../stream/read-state.ts'

const isBlank = (value: string): boolean => typeof value === 'string' && E.isLeft(trimmed('key', value))

/** The record id of a key; none for blank input. */
const parseGet = (settings: Settings, input: KeyRef): Parsed<RecordId | undefined> =>
  !isRecordRef(input) && (isBlank(input.key) || isBlank(input.operation)) ? E.right(undefined) : keyRef(settings, input)

/** The record of a key, or none. It looks at neither expiry nor status; blank input is none. */
export const get =
  (settings: Settings) =>
  (input: KeyRef): TE.TaskEither<Failure, IdempotencyRecord | undefined> =>
  () =>
    pipe(
      TE.fromEither(parseRequest(settings, parseGet, input, keyRefMembers)),
      TE.flatMap((recordId) =>
        recordId === undefined
          ? TE.right(undefined)
          : pipe(
              readState(settings)(streamName(settings.category, recordId)),
              TE.map(({ state }) => recordOf(state))
            )
      )
    )()
