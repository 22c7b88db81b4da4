import type { Policy } from './commands.ts'
import type { Instant } from './instant.ts'
import type { IdempotencyRecord } from './record.ts'

/** Whether the lease is over: the time at which another may take the key, clock skew allowed for. */
export const isLeaseOver = (record: IdempotencyRecord, now: Instant, { clockSkewMs }: Policy): boolean =>
  record.leaseExpiresAtMs !== undefined && record.leaseExpiresAtMs + clockSkewMs <= now

/** Whether the record's time is over: past its retention, and nobody at work on it under a running lease. */
export const isRetentionOver = (record: IdempotencyRecord, now: Instant, policy: Policy): boolean => {
  if (record.expiresAtMs === undefined || record.expiresAtMs > now) return false
  const atWork =
    record.outcome === undefined && record.leaseExpiresAtMs !== undefined && !isLeaseOver(record, now, policy)
  return !atWork
}
