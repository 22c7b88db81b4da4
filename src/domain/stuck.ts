import type { Policy } from './commands.ts'
import { isLeaseOver } from './due.ts'
import type { Instant } from './instant.ts'
import type { IdempotencyRecord } from './record.ts'

/** Why nothing may come of a record by itself, and since when. */
export type StuckReason = {
  /**
   * `inDoubt`: somebody must say whether the effect happened. `leaseOver`: its holder has not been heard of. `noLease`:
   * nobody would know if its holder were gone.
   */
  readonly why: 'inDoubt' | 'leaseOver' | 'noLease'
  /** Epoch ms: since it was marked, since the lease's end, or since the key was reserved. */
  readonly sinceMs: Instant
}

/** Why a record is stuck at a time: it has no outcome, and it is in doubt, or its lease is over or none. In doubt goes first. */
export const stuckReason = (record: IdempotencyRecord, now: Instant, policy: Policy): StuckReason | undefined => {
  const { outcome, inDoubt, leaseExpiresAtMs, firstSeenAtMs } = record
  if (outcome !== undefined) return undefined
  if (inDoubt !== undefined) return { why: 'inDoubt', sinceMs: inDoubt.sinceMs }
  if (leaseExpiresAtMs === undefined) return { why: 'noLease', sinceMs: firstSeenAtMs }
  return isLeaseOver(record, now, policy) ? { why: 'leaseOver', sinceMs: leaseExpiresAtMs } : undefined
}
