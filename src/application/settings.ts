import type { Policy } from '../domain/commands.ts'
import type { Sha256 } from '../domain/hash-parts.ts'
import type { Clock } from './ports/clock.ts'
import type { EventStore } from './ports/event-store.ts'
import type { Random } from './ports/random.ts'
import type { NextTurn, Timer } from './ports/timer.ts'

/** What a command may carry. Exceeding one is `LimitExceeded`, before anything is written. Import is exempt. */
export type Limits = {
  /** Key, operation, owner, fingerprint, and every other text field, each: UTF-8 bytes. */
  readonly fieldBytes: number
  /** The outcome as JSON: UTF-8 bytes. */
  readonly outcomeBytes: number
  /** How deeply `details` may nest; the default is what the predecessor can load. */
  readonly detailsDepth: number
}

export const defaultLimits: Limits = { fieldBytes: 4 * 1024, outcomeBytes: 512 * 1024, detailsDepth: 123 }

/** What becomes of duplicates and conflicts (SPEC section 7). Every other event is always recorded. */
export type Recording = 'record' | 'coalesce' | 'ignore'

/** What makes record ids: SHA-256, or an HMAC under the ledger's secret, so that they tell nobody else their keys. */
export type Identity = { readonly hash: Sha256; readonly isSecret: boolean }

/** What a ledger works with, and how. Immutable from construction on. */
export type Settings = {
  readonly store: EventStore
  readonly clock: Clock
  readonly random: Random
  readonly timer: Timer
  /** Not the caller's to replace: where a test's time stands still, others must get their turn all the same. */
  readonly nextTurn: NextTurn
  readonly sha256: Sha256
  readonly identity: Identity
  readonly category: string
  readonly policy: Policy
  readonly limits: Limits
  readonly recording: Recording
  /** With `coalesce`: how long counts wait at most for the key's next event, ms. */
  readonly coalesceMs: number
  /** How long a command takes at most until it has its answer, ms. */
  readonly deadlineMs: number
}
