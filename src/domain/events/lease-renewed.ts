import * as t from 'io-ts'
import { ClaimHash } from '../claim.ts'
import { Epoch } from '../epoch.ts'
import { Instant } from '../instant.ts'

/** Wire format. Heartbeat of the holder; the end never moves back. */
export const LeaseRenewedData = t.type({
  atMs: Instant,
  epoch: Epoch,
  claimHash: ClaimHash,
  leaseExpiresAtMs: Instant
})

export type LeaseRenewed = { readonly type: 'LeaseRenewed'; readonly data: t.TypeOf<typeof LeaseRenewedData> }
