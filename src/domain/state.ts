import * as t from 'io-ts'
import { EndReason } from './events/expired.ts'
import { Millis } from './instant.ts'
import { IdempotencyRecord } from './record.ts'
import { stored } from './stored.ts'

/** A reservation that is over. */
export type Ended = {
  readonly record: IdempotencyRecord
  readonly reason: EndReason
}

/** The reservation that a held one follows. */
export type After = {
  readonly epoch: number
  readonly claimId?: string
  readonly reason: EndReason
}

/** Nobody holds the key. `epoch` is that of the last reservation, 0 where there was none; `claimId` was its claim. */
export type Vacant = {
  readonly _tag: 'Vacant'
  readonly epoch: number
  readonly ended?: Ended | undefined
  readonly claimId?: string | undefined
  readonly lastEventId?: string | undefined
}

/** Somebody holds the key. An imported record has no `claimId`: no claim was ever issued on it. */
export type Held = {
  readonly _tag: 'Held'
  readonly record: IdempotencyRecord
  readonly claimId?: string | undefined
  /** Whether the outcome was written under a claim, and so is never replaced. */
  readonly fenced: boolean
  /** Retention that counts from completion. */
  readonly retentionMs?: Millis | undefined
  readonly after?: After | undefined
  readonly lastEventId?: string | undefined
}

/** What the fold of a key's stream knows. */
export type State = Vacant | Held

export const initialState: State = { _tag: 'Vacant', epoch: 0 }

export const epochOf = (state: State): number => (state._tag === 'Held' ? state.record.epoch : state.epoch)

/** The record that anybody may see, where the key is held. */
export const recordOf = (state: State): IdempotencyRecord | undefined =>
  state._tag === 'Held' ? state.record : undefined

const AfterCodec = t.intersection([t.type({ epoch: t.number, reason: EndReason }), t.partial({ claimId: t.string })])

/** The codec of a state inside a snapshot. */
export const State = stored<State>(
  t.union([
    t.intersection([
      t.type({ _tag: t.literal('Vacant'), epoch: t.number }),
      t.partial({
        ended: t.type({ record: IdempotencyRecord, reason: EndReason }),
        claimId: t.string,
        lastEventId: t.string
      })
    ]),
    t.intersection([
      t.type({
        _tag: t.literal('Held'),
        record: IdempotencyRecord,
        fenced: t.boolean
      }),
      t.partial({
        claimId: t.string,
        retentionMs: Millis,
        after: AfterCodec,
        lastEventId: t.string
      })
    ])
  ])
)
