import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { Failure } from '../../domain/failure.ts'
import { streamName } from '../../domain/identity.ts'
import { trimmed } from '../../domain/parse.ts'
import type { IdempotencyRecord } from '../../domain/record.ts'
import type { KeyInput } from '../../domain/requests.ts'
import { recordOf } from '../../domain/state.ts'
import { readState } from '../read-state.ts'
import type { Settings } from '../settings.ts'
import { keyFields } from '../submit.ts'

const isBlank = (value: string): boolean => typeof value === 'string' && E.isLeft(trimmed('key', value))

/** The record of a key, or none. It looks at neither expiry nor status; blank input is none. */
export const get =
  (settings: Settings) =>
  (input: KeyInput): TE.TaskEither<Failure, IdempotencyRecord | undefined> => {
    if (isBlank(input.key) || isBlank(input.operation)) return TE.right(undefined)
    return pipe(
      TE.fromEither(keyFields(settings, input, ['key', 'operation'])),
      TE.flatMap(({ recordId }) => readState(settings)(streamName(settings.category, recordId))),
      TE.map(({ state }) => recordOf(state))
    )
  }
