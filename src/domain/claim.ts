import * as t from 'io-ts'
import type { Sha256 } from './hash-parts.ts'

/** The right to complete one reservation. The claim id is the holder's secret; it is never part of a record. */
export type Claim = {
  /** The record that was reserved: `idem_` and 64 hex digits. */
  readonly recordId: string
  /** Which reservation of its key it was, counted from 1. */
  readonly epoch: number
  /** The holder’s secret, which tells this holder from all others. */
  readonly claimId: string
}

export interface ClaimHashBrand {
  readonly ClaimHash: unique symbol
}

const claimHashForm = /^[0-9a-f]{64}$/

/** What the ledger keeps of a claim id: its SHA-256, in lower-case hex. Who can read a store cannot complete. */
export type ClaimHash = string & t.Brand<ClaimHashBrand>

export const ClaimHash = t.brand(
  t.string,
  (s): s is t.Branded<string, ClaimHashBrand> => claimHashForm.test(s),
  'ClaimHash'
)

/** The hash of a claim id: of its UTF-8 bytes, and nothing else (SPEC section 3). */
export const claimHashOf =
  (sha256: Sha256) =>
  (claimId: string): ClaimHash =>
    sha256(claimId) as ClaimHash
