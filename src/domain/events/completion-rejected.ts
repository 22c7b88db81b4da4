import * as t from 'io-ts'
import { ClaimHash } from '../claim.ts'
import { Epoch } from '../epoch.ts'
import { Instant } from '../instant.ts'
import { Outcome } from '../outcome.ts'

/** Wire format. A completion that must not count: evidence, never an overwrite; once per claim and outcome, 64 an epoch at most. */
export const CompletionRejectedData = t.intersection([
  t.type({ atMs: Instant, outcome: Outcome }),
  t.partial({ epoch: Epoch, claimHash: ClaimHash, currentEpoch: Epoch })
])

export type CompletionRejected = {
  readonly type: 'CompletionRejected'
  readonly data: t.TypeOf<typeof CompletionRejectedData>
}
