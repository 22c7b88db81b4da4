import * as t from 'io-ts'
import { ClaimHash } from '../claim.ts'
import { Epoch } from '../epoch.ts'
import { Instant } from '../instant.ts'
import { Outcome } from '../outcome.ts'

/** The work is done. */
export type CompletedData = {
  /** When it was decided, epoch ms. */
  readonly atMs: Instant
  /** Which reservation of the key it was. */
  readonly epoch: number
  /** What came of the work. */
  readonly outcome: Outcome
  /** The SHA-256 of the claim id; absent where it was completed by key, or by an operator. */
  readonly claimHash?: ClaimHash
  /** Until when the answer is remembered, epoch ms. */
  readonly expiresAtMs?: Instant
  /** Why, where an operator completed it. */
  readonly note?: string
}

/** Wire format. */
export const CompletedData = t.intersection([
  t.type({ atMs: Instant, epoch: Epoch, outcome: Outcome }),
  t.partial({ claimHash: ClaimHash, expiresAtMs: Instant, note: t.string })
])

/** The event `Completed`. */
export type Completed = {
  readonly type: 'Completed'
  /** What it tells. */
  readonly data: CompletedData
}
