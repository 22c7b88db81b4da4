import type { LedgerEvent } from '../events/ledger-event.ts'
import { apply } from '../evolve.ts'
import type { Failure } from '../failure.ts'
import type { IdempotencyRecord } from '../record.ts'
import type { State } from '../state.ts'

/** The answer, and the events that make it so. */
export type Decided<A> = { readonly _tag: 'Decided'; readonly answer: A; readonly events: ReadonlyArray<LedgerEvent> }

/**
 * What `decide` comes to. `NeedsPast` is no answer: the state has forgotten what the question is about, and `decide`
 * wants to be asked again with the `Past` of the whole stream.
 */
export type Decision<A> =
  | Decided<A>
  | { readonly _tag: 'Refused'; readonly failure: Failure }
  | { readonly _tag: 'NeedsPast' }

export const decided = <A>(answer: A, ...events: ReadonlyArray<LedgerEvent>): Decided<A> => ({
  _tag: 'Decided',
  answer,
  events
})

export const refused = (failure: Failure): Decision<never> => ({ _tag: 'Refused', failure })

export const needsPast: Decision<never> = { _tag: 'NeedsPast' }

/** The state in which events leave a stream, before they have ids of their own. */
export const afterEvents = (state: State, events: ReadonlyArray<LedgerEvent>): State => events.reduce(apply, state)

/** The record after events that leave the key held, or else the one that stood before them. */
export const recordAfter = (
  state: State,
  before: IdempotencyRecord,
  ...events: ReadonlyArray<LedgerEvent>
): IdempotencyRecord => {
  const next = afterEvents(state, events)
  return next._tag === 'Held' ? next.record : before
}
