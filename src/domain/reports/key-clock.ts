import { absurd } from 'fp-ts/function'
import type { LedgerEvent } from '../events/ledger-event.ts'
import { type Instant, latest } from '../instant.ts'

/** What runs out of a key that is held. */
export type KeyClock = {
  /** Which reservation of the key it is, from 1. */
  readonly epoch: number
  /** Until when it is remembered, epoch ms; absent where nothing says so yet. */
  readonly expiresAtMs?: Instant | undefined
  /** When the lease ends, epoch ms; absent where it never does. */
  readonly leaseExpiresAtMs?: Instant | undefined
  /** Whether it was completed. */
  readonly hasOutcome: boolean
  /** Whether its holder does not know if its effect happened. */
  readonly inDoubt: boolean
}

/** The clock of a key after one more event of its stream; undefined while nobody holds it. As the record's fold has it. */
export const clockAfter = (before: KeyClock | undefined, event: LedgerEvent): KeyClock | undefined => {
  switch (event.type) {
    case 'Reserved': {
      const { epoch, expiresAtMs, leaseExpiresAtMs } = event.data
      return { epoch, expiresAtMs, leaseExpiresAtMs, hasOutcome: false, inDoubt: false }
    }
    case 'Imported': {
      const { expiresAtMs, leaseExpiresAtMs, outcome, inDoubt } = event.data.record
      const { epoch } = event.data
      const hasOutcome = outcome !== undefined
      return { epoch, expiresAtMs, leaseExpiresAtMs, hasOutcome, inDoubt: inDoubt !== undefined && !hasOutcome }
    }
  }
  if (before === undefined || !('epoch' in event.data) || event.data.epoch !== before.epoch) return before
  switch (event.type) {
    case 'Completed':
      return {
        ...before,
        expiresAtMs: event.data.expiresAtMs ?? before.expiresAtMs,
        hasOutcome: true,
        inDoubt: false
      }
    case 'LeaseRenewed': {
      const { leaseExpiresAtMs: renewed } = event.data
      const { leaseExpiresAtMs } = before
      return {
        ...before,
        leaseExpiresAtMs: leaseExpiresAtMs === undefined ? renewed : latest(leaseExpiresAtMs, renewed)
      }
    }
    case 'MarkedInDoubt':
      return { ...before, inDoubt: !before.hasOutcome }
    case 'Expired':
      return undefined
    case 'DuplicateSeen':
    case 'ConflictRecorded':
    case 'CompletionRejected':
    case 'RecoveryPointReached':
      return before
    default:
      return absurd(event)
  }
}

/** From when on a key is due by retention, epoch ms; undefined where nothing says so yet, or a doubt holds it. */
export const dueAtMs = ({ expiresAtMs, leaseExpiresAtMs, hasOutcome, inDoubt }: KeyClock): Instant | undefined => {
  if (expiresAtMs === undefined || inDoubt) return undefined
  return hasOutcome || leaseExpiresAtMs === undefined ? expiresAtMs : latest(expiresAtMs, leaseExpiresAtMs)
}
