import type { Policy } from './commands.ts'
import type { Instant } from './instant.ts'
import type { IdempotencyRecord } from './record.ts'

/** Whether the lease is over: the time at which another may take the key, clock skew allowed for. */
export const isLeaseOver = (record: IdempotencyRecord, now: Instant, { clockSkewMs }: Policy): boolean =>
  record.leaseExpiresAtMs !== undefined && record.leaseExpiresAtMs + clockSkewMs <= now

/** Whether nobody knows if its holder's effect happened: neither lease nor retention ends that. */
export const isInDoubt = ({ inDoubt, outcome }: IdempotencyRecord): boolean =>
  inDoubt !== undefined && outcome === undefined

/** Whether the record's time is over: past its retention, in no doubt, and nobody at work on it under a running lease. */
export const isRetentionOver = (record: IdempotencyRecord, now: Instant, policy: Policy): boolean => {
  if (record.expiresAtMs === undefined || record.expiresAtMs > now || isInDoubt(record)) return false
  const atWork =
    record.outcome === undefined && record.leaseExpiresAtMs !== undefined && !isLeaseOver(record, now, policy)
  return !atWork
}
