import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import type { Failure } from '../../domain/failure.ts'
import type { Json } from '../../domain/json.ts'
import type { IdempotencyRecord } from '../../domain/record.ts'
import { takenJson } from '../../domain/taken-json.ts'
import type { OutcomeInput } from '../requests/requests.ts'
import type { Replayed, ReplayedFailure } from './once-answer.ts'
import type { Codec } from './result-codec.ts'
import { ResultUnreadable } from './result-unreadable.ts'

/**
 * The kinds of outcome that `once` stores. Any other kind, an operator's for example, is read as `succeeded`.
 * `done`: there was no value; `unstored`: there was one, and it could not be stored.
 */
type OutcomeKind = 'succeeded' | 'done' | 'failed' | 'unstored'

const kinds: { readonly [kind in OutcomeKind]: kind } = {
  succeeded: 'succeeded',
  done: 'done',
  failed: 'failed',
  unstored: 'unstored'
}

/** The outcome of a task that gave this value, encoded; why it has none where that is no JSON. */
export const succeededWith = (encoded: unknown, maxValues?: number): E.Either<Failure, OutcomeInput> =>
  pipe(
    takenJson(encoded, '$.outcome.details', { maxValues }),
    E.map((details) =>
      details === undefined ? { outcomeKind: kinds.done } : { outcomeKind: kinds.succeeded, details }
    )
  )

export const failedWith = (failure: Json): OutcomeInput => ({ outcomeKind: kinds.failed, details: failure })

const bare = (outcomeKind: OutcomeKind, why: string): OutcomeInput => ({
  outcomeKind,
  primaryRefKind: 'reason',
  primaryRefId: why,
  details: null
})

/** The outcome of a task whose value cannot be stored: the effect happened, and must not happen again. */
export const unstored = (why: string): OutcomeInput => bare(kinds.unstored, why)

/** How many bytes the longest of these has: so many have to fit, or what happened could not be told. */
export const leastOutcomeBytes = JSON.stringify(unstored('LimitExceeded')).length

/** The same outcome without what could not be stored. */
export const withoutDetails = ({ outcomeKind }: OutcomeInput, why: string): OutcomeInput =>
  bare(outcomeKind === kinds.failed ? kinds.failed : kinds.unstored, why)

/** Whether a completion was refused for what it was to store: another try fails in the same way. */
export const isRefusedOutcome = ({ _tag, path }: Failure): boolean =>
  (_tag === 'InvalidInput' || _tag === 'LimitExceeded') && path?.startsWith('$.outcome') === true

/** What an outcome that stands is answered with. What cannot be read is told, and never run again. */
export const replayOf = async <A>(
  codec: Codec<A>,
  record: IdempotencyRecord,
  { outcomeKind, details }: NonNullable<IdempotencyRecord['outcome']>
): Promise<E.Either<ResultUnreadable, Replayed<A> | ReplayedFailure>> => {
  if (outcomeKind === kinds.failed) return E.right({ _tag: 'ReplayedFailure', failure: details, record })
  if (outcomeKind === kinds.unstored) return E.left(new ResultUnreadable('unstored', record))
  const isNothing = outcomeKind === kinds.done && details === null
  const value = await codec.decode(isNothing ? undefined : structuredClone(details))
  return E.isLeft(value)
    ? E.left(new ResultUnreadable('undecodable', record, value.left))
    : E.right({ _tag: 'Replayed', value: value.right, record })
}
