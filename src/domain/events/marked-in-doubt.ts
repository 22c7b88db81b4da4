import * as t from 'io-ts'
import { ClaimHash } from '../claim.ts'
import { Epoch } from '../epoch.ts'
import { Instant } from '../instant.ts'

/** The holder does not know whether its effect happened: nobody takes over until somebody says what is so. */
export type MarkedInDoubtData = {
  /** When it was decided, epoch ms. */
  readonly atMs: Instant
  /** The reservation that is in doubt. */
  readonly epoch: number
  /** The SHA-256 of the claim id under which it came. */
  readonly claimHash: ClaimHash
  /** What is in doubt. */
  readonly note?: string
}

/** Wire format. */
export const MarkedInDoubtData = t.intersection([
  t.type({ atMs: Instant, epoch: Epoch, claimHash: ClaimHash }),
  t.partial({ note: t.string })
])

/** The event `MarkedInDoubt`. */
export type MarkedInDoubt = {
  readonly type: 'MarkedInDoubt'
  /** What it tells. */
  readonly data: MarkedInDoubtData
}
