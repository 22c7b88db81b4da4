import { isInDoubt, isLeaseOver, isRetentionOver } from '../../../domain/due.ts'
import type { Instant } from '../../../domain/instant.ts'
import type { IdempotencyRecord } from '../../../domain/record.ts'
import type { State } from '../../../domain/state.ts'
import type { Settings } from '../../settings.ts'

type Policy = Settings['policy']

type Standing = {
  /** The record that stands under the key. */
  readonly record: IdempotencyRecord
}

/** What waiting for a key's outcome came to. Only `InFlight` says that nothing has changed. */
export type AwaitAnswer =
  /** The key has an outcome; it is in the record. */
  | ({ readonly _tag: 'Completed' } & Standing)
  /** Nobody knows whether its effect happened; that ends by its holder or an operator alone. */
  | ({ readonly _tag: 'InDoubt' } & Standing)
  /** Nobody holds the key. `previous` is the record that ended last, where there was one. */
  | {
      readonly _tag: 'Vacant'
      /** The record that ended last. */
      readonly previous?: IdempotencyRecord
    }
  /** The time of the holder, or of the record, is over: a reserve takes the key over. */
  | ({ readonly _tag: 'Lapsed' } & Standing)
  /** Still at work at the deadline. `retryAfterMs` says when its time is over, where that is known. */
  | ({
      readonly _tag: 'InFlight'
      /** After how long its time is over, ms, where that is known. */
      readonly retryAfterMs?: number
    } & Standing)

/** What one look at a key shows: an answer, or somebody at work, and until when nobody can take the key over. */
export type Look =
  | { readonly _tag: 'Over'; readonly answer: Exclude<AwaitAnswer, { _tag: 'InFlight' }> }
  | { readonly _tag: 'AtWork'; readonly record: IdempotencyRecord; readonly lapsesAtMs?: number }

/** When another may have a key that somebody is at work on, epoch ms; never, without a lease and a retention. */
const lapseOf = ({ leaseExpiresAtMs, expiresAtMs }: IdempotencyRecord, policy: Policy): number | undefined => {
  const leaseEnd = leaseExpiresAtMs === undefined ? undefined : leaseExpiresAtMs + policy.clockSkewMs
  const ends = [
    ...(leaseEnd !== undefined && policy.takeover === 'allow' ? [leaseEnd] : []),
    ...(expiresAtMs === undefined ? [] : [Math.max(expiresAtMs, leaseEnd ?? 0)])
  ]
  return ends.length === 0 ? undefined : Math.min(...ends)
}

/** Judges a key as reserve would at this time (SPEC section 5), and decides nothing. */
export const lookAt = (state: State, now: Instant, policy: Policy): Look => {
  if (state._tag === 'Vacant') {
    return {
      _tag: 'Over',
      answer: { _tag: 'Vacant', ...(state.ended && { previous: state.ended.record }) }
    }
  }
  const { record } = state
  if (record.outcome !== undefined) return { _tag: 'Over', answer: { _tag: 'Completed', record } }
  if (isInDoubt(record)) return { _tag: 'Over', answer: { _tag: 'InDoubt', record } }
  const mayBeTaken =
    isRetentionOver(record, now, policy) || (policy.takeover === 'allow' && isLeaseOver(record, now, policy))
  if (mayBeTaken) return { _tag: 'Over', answer: { _tag: 'Lapsed', record } }
  const lapsesAtMs = lapseOf(record, policy)
  return { _tag: 'AtWork', record, ...(lapsesAtMs !== undefined && { lapsesAtMs }) }
}

/** The answer to somebody who waits no longer. A time that is past tells nothing: policy forbids a takeover. */
export const inFlight = ({ record, lapsesAtMs }: Extract<Look, { _tag: 'AtWork' }>, now: number): AwaitAnswer => ({
  _tag: 'InFlight',
  record,
  ...(lapsesAtMs !== undefined && lapsesAtMs > now && { retryAfterMs: lapsesAtMs - now })
})
