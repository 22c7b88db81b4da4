import type { IdentifiedEvent, LedgerEvent } from './events/ledger-event.ts'
import { apply, evolve } from './evolve.ts'
import { essence, type Outcome } from './outcome.ts'
import type { IdempotencyRecord } from './record.ts'
import { type Ended, epochOf, initialState, type State } from './state.ts'

/** One reservation of the past: its claim or the record that it was imported with, and how it ended. */
export type Epoch = {
  readonly claimId?: string
  readonly imported?: IdempotencyRecord
  readonly ended?: Ended
}

/**
 * What the state has forgotten and only the whole stream tells: every reservation, and every completion that was
 * rejected. Rare questions need it (SPEC section 5): was this claim ever issued, was its completion rejected before.
 */
export type Past = {
  readonly state: State
  readonly epochs: ReadonlyMap<number, Epoch>
  readonly rejections: ReadonlySet<string>
}

export const noPast: Past = { state: initialState, epochs: new Map(), rejections: new Set() }

/** What a rejected completion is known by: its claim and its outcome. */
export const rejectionKey = (claim: { readonly epoch?: number; readonly claimId?: string }, outcome: Outcome): string =>
  JSON.stringify([claim.epoch ?? null, claim.claimId ?? null, essence(outcome)])

const extendBy =
  <E extends LedgerEvent>(step: (state: State, event: E) => State) =>
  (past: Past, events: ReadonlyArray<E>): Past => {
    const epochs = new Map(past.epochs)
    const rejections = new Set(past.rejections)
    let { state } = past
    for (const event of events) {
      const before = state
      state = step(state, event)
      if (event.type === 'CompletionRejected') rejections.add(rejectionKey(event.data, event.data.outcome))
      if (state._tag === 'Held' && epochOf(before) !== epochOf(state)) {
        epochs.set(state.record.epoch, {
          ...(state.claimId === undefined ? {} : { claimId: state.claimId }),
          ...(event.type === 'Imported' ? { imported: event.data.record } : {})
        })
      }
      if (before._tag === 'Held' && state._tag === 'Vacant' && state.ended !== undefined) {
        epochs.set(state.epoch, { ...epochs.get(state.epoch), ended: state.ended })
      }
    }
    return { state, epochs, rejections }
  }

/** The past with more of the same stream read. */
export const extendPast = extendBy<IdentifiedEvent>(evolve)

/** The past as it will be with events that are decided and not yet written. */
export const extendPastByDecided = extendBy<LedgerEvent>(apply)
