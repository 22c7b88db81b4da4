import * as t from 'io-ts'
import { ClaimHash } from '../claim.ts'
import { Epoch } from '../epoch.ts'
import { Instant } from '../instant.ts'
import type { Json } from '../json.ts'
import { StoredJson } from '../stored-json.ts'

/** The holder got so far: whoever takes over goes on from here. */
export type RecoveryPointReachedData = {
  /** When it was decided, epoch ms. */
  readonly atMs: Instant
  /** The reservation under which it was reached. */
  readonly epoch: number
  /** The SHA-256 of the claim id under which it came. */
  readonly claimHash: ClaimHash
  /** What was reached, as the work calls it. */
  readonly name: string
  /** What whoever takes over needs to know of it. */
  readonly data?: Json | undefined
}

/** Wire format. */
export const RecoveryPointReachedData = t.intersection([
  t.type({ atMs: Instant, epoch: Epoch, claimHash: ClaimHash, name: t.string }),
  t.partial({ data: StoredJson })
])

/** The event `RecoveryPointReached`. */
export type RecoveryPointReached = {
  readonly type: 'RecoveryPointReached'
  /** What it tells. */
  readonly data: RecoveryPointReachedData
}
