import * as t from 'io-ts'
import { ClaimHash } from '../claim.ts'
import { Epoch } from '../epoch.ts'
import { Instant } from '../instant.ts'
import { Outcome } from '../outcome.ts'

/** Wire format. The work is done. Without a `claimHash` it was completed by key, or by an operator. */
export const CompletedData = t.intersection([
  t.type({ atMs: Instant, epoch: Epoch, outcome: Outcome }),
  t.partial({ claimHash: ClaimHash, expiresAtMs: Instant, note: t.string })
])

export type Completed = { readonly type: 'Completed'; readonly data: t.TypeOf<typeof CompletedData> }
