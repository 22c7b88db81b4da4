import * as t from 'io-ts'
import { ClaimHash } from '../claim.ts'
import { Epoch } from '../epoch.ts'
import { Instant } from '../instant.ts'
import { Outcome } from '../outcome.ts'

/** A completion that must not count: evidence, never an overwrite; once per claim and outcome, 64 an epoch at most. */
export type CompletionRejectedData = {
  /** When it was decided, epoch ms. */
  readonly atMs: Instant
  /** The outcome that came too late, or beside another. */
  readonly outcome: Outcome
  /** The reservation that its claim was of. */
  readonly epoch?: number
  /** The SHA-256 of the claim id under which it came. */
  readonly claimHash?: ClaimHash
  /** The reservation that held the key by then, where one did. */
  readonly currentEpoch?: number
}

/** Wire format. */
export const CompletionRejectedData = t.intersection([
  t.type({ atMs: Instant, outcome: Outcome }),
  t.partial({ epoch: Epoch, claimHash: ClaimHash, currentEpoch: Epoch })
])

/** The event `CompletionRejected`. */
export type CompletionRejected = {
  readonly type: 'CompletionRejected'
  /** What it tells. */
  readonly data: CompletionRejectedData
}
