import { absurd } from 'fp-ts/function'
import type { LedgerEvent } from './events/ledger-event.ts'
import type { Instant } from './instant.ts'

const isPast = (expiresAtMs: Instant | undefined, now: Instant): boolean =>
  expiresAtMs !== undefined && expiresAtMs <= now

/**
 * What one event by itself tells of whether its key may be due at a time: true or false whatever was before it, undefined
 * where it changes nothing. A key of which the last that was told is false is not due; of one where it is true only `decide`
 * knows, since leases and doubts hold a record as well.
 */
export const mayBeDue = (event: LedgerEvent, now: Instant): boolean | undefined => {
  switch (event.type) {
    case 'Reserved':
      return isPast(event.data.expiresAtMs, now)
    case 'Imported':
      return isPast(event.data.record.expiresAtMs, now)
    case 'Completed':
      // one that restates nothing, or a later end, leaves a key where it was: to look once too often is harmless
      return isPast(event.data.expiresAtMs, now) ? true : undefined
    case 'Expired':
      return false
    case 'DuplicateSeen':
    case 'ConflictRecorded':
    case 'LeaseRenewed':
    case 'CompletionRejected':
    case 'RecoveryPointReached':
    case 'MarkedInDoubt':
      return undefined
    default:
      return absurd(event)
  }
}
