import type { Completed } from './completed.ts'
import type { CompletionRejected } from './completion-rejected.ts'
import type { ConflictRecorded } from './conflict-recorded.ts'
import type { DuplicateSeen } from './duplicate-seen.ts'
import type { Expired } from './expired.ts'
import type { Imported } from './imported.ts'
import type { LeaseRenewed } from './lease-renewed.ts'
import type { MarkedInDoubt } from './marked-in-doubt.ts'
import type { RecoveryPointReached } from './recovery-point-reached.ts'
import type { Reserved } from './reserved.ts'

/** A fact about one key. */
export type LedgerEvent =
  | Reserved
  | DuplicateSeen
  | ConflictRecorded
  | Completed
  | Expired
  | LeaseRenewed
  | CompletionRejected
  | RecoveryPointReached
  | MarkedInDoubt
  | Imported

/** The type of an event, by its name. */
export type EventType = LedgerEvent['type']

/** All types, by a record that lacks none. */
const known: { readonly [T in EventType]: true } = {
  Reserved: true,
  DuplicateSeen: true,
  ConflictRecorded: true,
  Completed: true,
  Expired: true,
  LeaseRenewed: true,
  CompletionRejected: true,
  Imported: true,
  RecoveryPointReached: true,
  MarkedInDoubt: true
}

export const eventTypes: ReadonlyArray<string> = Object.keys(known)

/** The event of a type. */
export type EventOfType<T extends EventType> = LedgerEvent & {
  /** Which event it is. */
  readonly type: T
}

/** A ledger event with the id under which its stream holds it. */
export type IdentifiedEvent = LedgerEvent & {
  /** A UUID. */
  readonly id: string
}
