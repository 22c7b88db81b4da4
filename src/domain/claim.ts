import * as t from 'io-ts'
import type { Sha256 } from './hash-parts.ts'

/** The right to complete one reservation. The claim id is the holder's secret; it is never part of a record. */
export type Claim = {
  readonly recordId: string
  readonly epoch: number
  readonly claimId: string
}

export interface ClaimHashBrand {
  readonly ClaimHash: unique symbol
}

const claimHashForm = /^[0-9a-f]{64}$/

/** What the ledger keeps of a claim id: its SHA-256, in lower-case hex. Who can read a store cannot complete. */
export const ClaimHash = t.brand(
  t.string,
  (s): s is t.Branded<string, ClaimHashBrand> => claimHashForm.test(s),
  'ClaimHash'
)
export type ClaimHash = t.TypeOf<typeof ClaimHash>

/** The hash of a claim id: of its UTF-8 bytes, and nothing else (SPEC section 3). */
export const claimHashOf =
  (sha256: Sha256) =>
  (claimId: string): ClaimHash =>
    sha256(claimId) as ClaimHash
