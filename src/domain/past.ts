import type { ClaimHash } from './claim.ts'
import type { IdentifiedEvent, LedgerEvent } from './events/ledger-event.ts'
import { rejectionDigest } from './evidence.ts'
import { apply, evolve } from './evolve.ts'
import type { IdempotencyRecord } from './record.ts'
import { type Ended, epochOf, initialState, type State } from './state.ts'

/** One reservation of the past: its claim or the record that it was imported with, and how it ended. */
export type Epoch = {
  /** The SHA-256 of its claim id; absent where it was imported. */
  readonly claimHash?: ClaimHash
  /** The record that it was imported with, where it was. */
  readonly imported?: IdempotencyRecord
  /** How it ended, where it is over. */
  readonly ended?: Ended
}

/**
 * What the state has forgotten and only the whole stream tells: every reservation, and the digest of every completion
 * that was rejected. Rare questions need it (SPEC section 5): how did an earlier reservation end, was the completion of
 * its claim rejected before.
 */
export type Past = {
  /** The state after all events that were read. */
  readonly state: State
  /** Every reservation, by its epoch from 1 on. */
  readonly epochs: ReadonlyMap<number, Epoch>
  /** The digests of all completions that were rejected. */
  readonly rejections: ReadonlySet<string>
}

/** The past of a stream without events: where `extendPast` begins. */
export const noPast: Past = { state: initialState, epochs: new Map(), rejections: new Set() }

/** What is kept of a past while it grows. */
export type Kept = { readonly epochs: Map<number, Epoch>; readonly rejections: Set<string> }

/** Keeps what one more event adds to a past, from the states before and after it. Changes what is kept in place. */
export const keep = ({ epochs, rejections }: Kept, before: State, event: LedgerEvent, state: State): void => {
  if (event.type === 'CompletionRejected') rejections.add(rejectionDigest(event.data, event.data.outcome))
  if (state._tag === 'Held' && epochOf(before) !== epochOf(state)) {
    epochs.set(state.record.epoch, {
      ...(state.claimHash === undefined ? {} : { claimHash: state.claimHash }),
      ...(event.type === 'Imported' ? { imported: event.data.record } : {})
    })
  }
  if (before._tag === 'Held' && state._tag === 'Vacant' && state.ended !== undefined) {
    epochs.set(state.epoch, { ...epochs.get(state.epoch), ended: state.ended })
  }
}

const extendBy =
  <E extends LedgerEvent>(step: (state: State, event: E) => State) =>
  (past: Past, events: ReadonlyArray<E>): Past => {
    const kept: Kept = { epochs: new Map(past.epochs), rejections: new Set(past.rejections) }
    let { state } = past
    for (const event of events) {
      const before = state
      state = step(state, event)
      keep(kept, before, event, state)
    }
    return { state, ...kept }
  }

/** The past with more of the same stream read. */
export const extendPast = extendBy<IdentifiedEvent>(evolve)

/** The past as it will be with events that are decided and not yet written. */
export const extendPastByDecided = extendBy<LedgerEvent>(apply)
