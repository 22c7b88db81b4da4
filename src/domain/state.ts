import * as t from 'io-ts'
import { ClaimHash } from './claim.ts'
import { LastEpoch } from './epoch.ts'
import { EndReason } from './events/expired.ts'
import { After } from './events/reserved.ts'
import { EarlierClaims, noRejections, Rejections } from './evidence.ts'
import { Millis } from './instant.ts'
import { IdempotencyRecord } from './record.ts'
import { stored } from './stored.ts'

/** A reservation that is over. */
export type Ended = {
  /** The record as it was at its end. */
  readonly record: IdempotencyRecord
  /** Why it ended. */
  readonly reason: EndReason
}

/** What a state keeps of what is over, held or vacant. */
type Evidence = {
  /** The claims of earlier epochs; undefined where the fold began at a reservation and was not told of those before. */
  readonly earlier?: string | undefined
  /** What is known of completions that were rejected in this epoch. */
  readonly rejections: Rejections
}

/** Nobody holds the key. `epoch` is that of the last reservation, 0 where there was none; `claimHash` was its claim. */
export type Vacant = Evidence & {
  readonly _tag: 'Vacant'
  /** That of the last reservation, 0 where there was none. */
  readonly epoch: number
  /** How the last reservation ended. */
  readonly ended?: Ended | undefined
  /** The SHA-256 of the claim id of the last reservation. */
  readonly claimHash?: ClaimHash | undefined
  /** The id of the last event that was folded. */
  readonly lastEventId?: string | undefined
}

/** Somebody holds the key. An imported record has no `claimHash`: no claim was ever issued on it. */
export type Held = Evidence & {
  readonly _tag: 'Held'
  /** The record that anybody may see. */
  readonly record: IdempotencyRecord
  /** The SHA-256 of the holder’s claim id; absent where the record was imported. */
  readonly claimHash?: ClaimHash | undefined
  /** Whether the outcome was written under a claim, and so is never replaced. */
  readonly fenced: boolean
  /** Retention that counts from completion. */
  readonly retentionMs?: Millis | undefined
  /** The reservation that this one follows. */
  readonly after?: After | undefined
  /** The id of the last event that was folded. */
  readonly lastEventId?: string | undefined
}

/** What the fold of a key's stream knows. */
export type State = Vacant | Held

/** The state of a stream without events: nobody ever held the key. */
export const initialState: State = { _tag: 'Vacant', epoch: 0, earlier: '', rejections: noRejections }

/** Where a fold begins that was not told of the events before. */
export const unknownState: State = { _tag: 'Vacant', epoch: 0, rejections: noRejections }

export const epochOf = (state: State): number => (state._tag === 'Held' ? state.record.epoch : state.epoch)

/** The record that anybody may see, where the key is held. */
export const recordOf = (state: State): IdempotencyRecord | undefined =>
  state._tag === 'Held' ? state.record : undefined

const evidence = { earlier: EarlierClaims, rejections: Rejections }

/** The codec of a state inside a snapshot, which knows the claims of earlier epochs. */
export const State = stored<State>(
  t.union([
    t.intersection([
      t.type({ _tag: t.literal('Vacant'), epoch: LastEpoch, ...evidence }),
      t.partial({
        ended: t.type({ record: IdempotencyRecord, reason: EndReason }),
        claimHash: ClaimHash,
        lastEventId: t.string
      })
    ]),
    t.intersection([
      t.type({
        _tag: t.literal('Held'),
        record: IdempotencyRecord,
        fenced: t.boolean,
        ...evidence
      }),
      t.partial({
        claimHash: ClaimHash,
        retentionMs: Millis,
        after: After,
        lastEventId: t.string
      })
    ])
  ])
)
