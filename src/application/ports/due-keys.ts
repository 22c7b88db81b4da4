import type { Failure } from '../../domain/failure.ts'
import type { RecordId } from '../../domain/identity.ts'
import type { Instant } from '../../domain/instant.ts'

/** A key of which something cannot be read, by its record id, and why. */
export type UnreadableKey = {
  /** The key by its record id; the event's position where nobody can tell whose it is. */
  readonly recordId: string
  /** Why. */
  readonly failure: Failure
}

/** Some of the keys that may be due, and what was come across on the way to them. */
export type DueFound = {
  /** In no order, and each once at a time. It may be too many: whoever expires them is told `NotDue`. */
  readonly due: ReadonlyArray<RecordId>
  readonly unreadable: ReadonlyArray<UnreadableKey>
  /** How many events were looked at since the last time. */
  readonly events: number
}

/** Takes what was found before more is looked for; the source ends with the failure that it gives, if any. */
export type TakeDue = (found: DueFound) => Promise<Failure | undefined>

/** Where a sweeper learns which keys may be due by retention at a time: every key that is, at some time or other. */
export type DueKeys = (now: Instant, take: TakeDue) => Promise<Failure | undefined>
