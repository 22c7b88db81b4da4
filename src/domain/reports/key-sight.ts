import { absurd } from 'fp-ts/function'
import type { EndReason } from '../events/expired.ts'
import type { LedgerEvent } from '../events/ledger-event.ts'
import type { Instant } from '../instant.ts'
import type { Status } from '../record.ts'

/** What reports keep of a key: a fold like that of its record, of a hundredth of its size. */
export type KeySight = {
  /** What the key is used for. */
  readonly operation: string
  /** What tells its request from another under the same key. */
  readonly requestFingerprint: string
  /** Which reservation of the key it is, from 1. */
  readonly epoch: number
  /** What its record tells at a glance. */
  readonly status: Status
  /** Whether it was completed. */
  readonly hasOutcome: boolean
  /** Whether its holder said that it does not know if its effect happened. */
  readonly inDoubt: boolean
  /** When it was reserved, epoch ms. */
  readonly firstSeenAtMs: Instant
  /** Until when it is remembered, epoch ms. */
  readonly expiresAtMs: Instant | undefined
  /** What ended its last record; undefined while it is held. */
  readonly endedBy: EndReason | undefined
}

/** How a key stands. In doubt is whose effect nobody knows of. */
export type Standing = Status | 'inDoubt' | 'free'

export const standingOf = ({ endedBy, inDoubt, hasOutcome, status }: KeySight): Standing => {
  if (endedBy !== undefined) return 'free'
  return inDoubt && !hasOutcome ? 'inDoubt' : status
}

/** A key after one more event of its stream, oldest first; undefined before any that begins a record. */
export const sightAfter = (before: KeySight | undefined, event: LedgerEvent): KeySight | undefined => {
  switch (event.type) {
    case 'Reserved': {
      const { operation, requestFingerprint, epoch, atMs, expiresAtMs } = event.data
      return {
        operation,
        requestFingerprint,
        epoch,
        status: 'reserved',
        hasOutcome: false,
        inDoubt: false,
        firstSeenAtMs: atMs,
        expiresAtMs,
        endedBy: undefined
      }
    }
    case 'Imported': {
      const { record, epoch } = event.data
      return {
        operation: record.operation,
        requestFingerprint: record.requestFingerprint,
        epoch,
        status: record.status,
        hasOutcome: record.outcome !== undefined,
        inDoubt: record.inDoubt !== undefined,
        firstSeenAtMs: record.firstSeenAtMs,
        expiresAtMs: record.expiresAtMs,
        endedBy: undefined
      }
    }
  }
  if (before === undefined || before.endedBy !== undefined) return before
  if (event.type === 'ConflictRecorded') return { ...before, status: 'conflicted' }
  if (!('epoch' in event.data) || event.data.epoch !== before.epoch) return before
  switch (event.type) {
    case 'Completed': {
      const expiresAtMs = event.data.expiresAtMs ?? before.expiresAtMs
      return { ...before, status: 'completed', hasOutcome: true, inDoubt: false, expiresAtMs }
    }
    case 'MarkedInDoubt':
      return { ...before, inDoubt: true }
    case 'Expired':
      return { ...before, endedBy: event.data.reason }
    case 'DuplicateSeen':
    case 'LeaseRenewed':
    case 'CompletionRejected':
    case 'RecoveryPointReached':
      return before
    default:
      return absurd(event)
  }
}
