import * as t from 'io-ts'
import { ClaimHash } from '../claim.ts'
import { Epoch } from '../epoch.ts'
import { Instant } from '../instant.ts'

/** Heartbeat of the holder; the end never moves back. */
export type LeaseRenewedData = {
  /** When it was decided, epoch ms. */
  readonly atMs: Instant
  /** The reservation whose lease it is. */
  readonly epoch: number
  /** The SHA-256 of the claim id under which it came. */
  readonly claimHash: ClaimHash
  /** When the lease ends now, epoch ms. */
  readonly leaseExpiresAtMs: Instant
}

/** Wire format. */
export const LeaseRenewedData = t.type({
  atMs: Instant,
  epoch: Epoch,
  claimHash: ClaimHash,
  leaseExpiresAtMs: Instant
})

/** The event `LeaseRenewed`. */
export type LeaseRenewed = {
  readonly type: 'LeaseRenewed'
  /** What it tells. */
  readonly data: LeaseRenewedData
}
