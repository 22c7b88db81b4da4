import type { LedgerEvent } from '../events/ledger-event.ts'
import { apply } from '../evolve.ts'
import { type Failure, failure } from '../failure.ts'
import type { Past } from '../past.ts'
import type { IdempotencyRecord } from '../record.ts'
import { recordOf, type State } from '../state.ts'

/** The answer, the events that make it so, and the state in which they leave the key's stream. */
export type Decided<A> = {
  readonly _tag: 'Decided'
  /** What the caller is told. */
  readonly answer: A
  /** What is to be appended to the key’s stream, oldest first; none where the answer needs no event. */
  readonly events: ReadonlyArray<LedgerEvent>
  /** The state after these events. */
  readonly state: State
}

export type Refused = {
  readonly _tag: 'Refused'
  /** Why there is no answer, by its tag. */
  readonly failure: Failure
  /** Where a claim is of a later epoch than the state: that epoch. Refused it is only if the state is not behind. */
  readonly unreached?: number
}

/** What `decide` comes to with the whole past: it cannot ask for more than that. */
export type Settled<A> = Decided<A> | Refused

/**
 * How far back the answer lies: `snapshot` is as far as the last usable snapshot, on which a state begins that knows
 * the claims of earlier epochs; such a state never asks for that again. `whole` is the whole stream.
 */
export type Reach = 'snapshot' | 'whole'

/** No answer: the state has forgotten what the question is about. `given` the past of the whole stream there is one. */
export type NeedsPast<A> = {
  readonly _tag: 'NeedsPast'
  /** How much of the stream is to be read. */
  readonly reach: Reach
  /** Decides once the past was read. */
  readonly given: (past: Past) => Settled<A>
}

/** What `decide` comes to. */
export type Decision<A> = Settled<A> | NeedsPast<A>

/** `state` is the one after the events: whoever goes on from there need not evolve them again. */
export const decided = <A>(state: State, answer: A, ...events: ReadonlyArray<LedgerEvent>): Decided<A> => ({
  _tag: 'Decided',
  answer,
  events,
  state
})

export const refused = (failure: Failure): Refused => ({ _tag: 'Refused', failure })

/** The epochs of a key are used up: another reservation could not be told from one before it. */
export const usedUp = refused(
  failure('LimitExceeded', 'this key was reserved as often as can be counted', {
    limit: Number.MAX_SAFE_INTEGER,
    size: Number.MAX_SAFE_INTEGER
  })
)

export const needsPast = <A>(reach: Reach, given: (past: Past) => Settled<A>): NeedsPast<A> => ({
  _tag: 'NeedsPast',
  reach,
  given
})

export const settledBy = <A>(decision: Decision<A>, past: Past): Settled<A> =>
  decision._tag === 'NeedsPast' ? decision.given(past) : decision

/** The state in which events leave a stream, before they have ids of their own. */
export const afterEvents = (state: State, events: ReadonlyArray<LedgerEvent>): State => events.reduce(apply, state)

/** One event, and the answer that tells the record as it leaves it; `before` is told where it leaves none. */
export const decidedBy = <A>(
  state: State,
  event: LedgerEvent,
  before: IdempotencyRecord,
  answer: (record: IdempotencyRecord) => A
): Decided<A> => {
  const after = apply(state, event)
  return decided(after, answer(recordOf(after) ?? before), event)
}
