import * as E from 'fp-ts/Either'
import { nodeNesting } from '../adapters/node/nesting.ts'
import { nodeRandom } from '../adapters/node/random.ts'
import { sha256 } from '../adapters/node/sha256.ts'
import { nextTurn, nodeTimer } from '../adapters/node/timer.ts'
import { type TaskLedger, taskLedger } from '../application/ledger.ts'
import { type AsyncDisposing, asyncDisposable } from '../application/ports/async-disposable.ts'
import type { Clock } from '../application/ports/clock.ts'
import type { EventStore } from '../application/ports/event-store.ts'
import type { Random } from '../application/ports/random.ts'
import type { Timer } from '../application/ports/timer.ts'
import type { CheckedOutcome, OutcomeToCheck } from '../application/requests/check-outcome.ts'
import { defaultLimits, type Limits, type Recording, type Settings } from '../application/settings.ts'
import type { LedgerMessage, LedgerSubscription } from '../application/use-cases/subscribe.ts'
import { defaultPolicy, type Policy } from '../domain/commands.ts'
import type { Millis } from '../domain/instant.ts'
import { reading } from '../domain/parsing/reading.ts'
import { defaultCategory } from './category.ts'
import { guardedRandom, guardedTimer } from './guarded.ts'
import { type IdentityOptions, identityOf } from './identity.ts'
import { optionsFault } from './options-fault.ts'
import { KeyfoldError, type Promised, promised, rightOrThrow, throwing } from './promises.ts'
import { withSurroundings } from './surroundings-of.ts'
import { systemClock } from './system-clock.ts'

/** What a ledger works with. Fixed from then on. */
export type LedgerOptions = {
  /** Where the events are kept. The ledger does not dispose of it. */
  readonly store: EventStore
  /** The present, epoch ms. The system's clock where it is left out. */
  readonly clock?: Clock | undefined
  /** Stands before the record id in stream names: `[A-Za-z0-9_.]+`. `idempotency` where it is left out. */
  readonly category?: string | undefined
  /** Makes record ids, and so the names of streams, an HMAC under a secret. Every ledger on the store needs the same. */
  readonly identity?: IdentityOptions | undefined
  /** How ended retention, lapsed leases and clocks that differ are treated. */
  readonly policy?:
    | {
        /** Whether a key may be reserved again after its retention (`allow`), or is answered `Gone`. */
        readonly reuseAfterExpiry?: 'allow' | 'reject' | undefined
        /** Whether a reserve takes a key over whose lease is over (`allow`), or is answered `Duplicate`. */
        readonly takeover?: 'allow' | 'refuse' | undefined
        /** How long after its end a lease still counts as running, ms. 0 where it is left out. */
        readonly clockSkewMs?: number | undefined
      }
    | undefined
  /** What a command may carry: fields of 4 KiB, outcomes of 512 KiB, details 123 levels deep where it is left out. */
  readonly limits?: { readonly [limit in keyof Limits]?: Limits[limit] | undefined } | undefined
  /** What becomes of duplicates and conflicts. `record` where it is left out. */
  readonly recording?: Recording | undefined
  /** With `coalesce`: how long counts wait at most for their key's next event, ms. 1,000 where it is left out. */
  readonly coalesceMs?: number | undefined
  /** How long a command takes at most until it has its answer, ms. 10,000 where it is left out. */
  readonly deadlineMs?: number | undefined
  /** What makes event and claim ids. The system’s randomness where it is left out. */
  readonly chance?: Random | undefined
  /** What waits. The system’s timers where it is left out. */
  readonly timer?: Timer | undefined
}

/** The ledger: every use case as a Promise, and the same as `TaskEither` for callers at home in fp-ts. */
export type Ledger = AsyncDisposing &
  Promised<Omit<TaskLedger, 'subscribe' | 'checkOutcome'>> & {
    /**
     * Whether `complete` would take an outcome, or its `details` alone: to be asked before the effect. Asks no store, and
     * gives what would be stored, and its size. Throws `KeyfoldError`: `InvalidInput` with the path of what cannot be JSON,
     * or `LimitExceeded`.
     */
    readonly checkOutcome: (outcome: OutcomeToCheck) => CheckedOutcome
    /** Follows all keys, from a position on, and goes on live. Throws `KeyfoldError` where it cannot go on. */
    readonly subscribe: (options?: LedgerSubscription) => AsyncIterable<LedgerMessage, void, undefined>
    /** The same use cases, each a `TaskEither` whose left is a `Failure`. */
    readonly taskEither: TaskLedger
  }

/** What is left out, or undefined, is the default. */
const limitsFrom = ({ fieldBytes, outcomeBytes, detailsDepth }: LedgerOptions['limits'] = {}): Limits => ({
  fieldBytes: fieldBytes ?? defaultLimits.fieldBytes,
  outcomeBytes: outcomeBytes ?? defaultLimits.outcomeBytes,
  detailsDepth: detailsDepth ?? defaultLimits.detailsDepth
})

const settingsFrom = (options: LedgerOptions): Settings => {
  const { chance, timer } = options
  const policy: Policy = {
    reuseAfterExpiry: options.policy?.reuseAfterExpiry ?? defaultPolicy.reuseAfterExpiry,
    takeover: options.policy?.takeover ?? defaultPolicy.takeover,
    clockSkewMs: (options.policy?.clockSkewMs ?? defaultPolicy.clockSkewMs) as Millis
  }
  return {
    store: options.store,
    clock: options.clock ?? systemClock,
    random: chance === undefined ? nodeRandom : guardedRandom(chance),
    timer: timer === undefined ? nodeTimer : guardedTimer(timer),
    nextTurn,
    sha256,
    identity: identityOf(options.identity),
    category: options.category ?? defaultCategory,
    policy,
    limits: limitsFrom(options.limits),
    recording: options.recording ?? 'record',
    coalesceMs: options.coalesceMs ?? 1000,
    deadlineMs: options.deadlineMs ?? 10_000
  }
}

/**
 * A ledger over a store. Options that make no sense are a programming mistake and thrown at once, as `KeyfoldError`
 * with the tag `InvalidInput`.
 */
export const createLedger = (options: LedgerOptions): Ledger => {
  const fault = optionsFault(options)
  if (fault !== undefined) throw new KeyfoldError(fault)
  // each is read once more, and a getter may throw then
  const settings = rightOrThrow(reading('$', () => E.right(settingsFrom(options))))
  const { clock, timer, random, policy, limits } = settings
  const { clockSkewMs } = policy
  const maxValues = limits.outcomeBytes
  const surroundings = { clock, timer, random, sha256, nesting: nodeNesting, clockSkewMs, maxValues }
  const taskEither = withSurroundings(taskLedger(settings), surroundings)
  const { subscribe, checkOutcome, ...useCases } = taskEither
  const faces = {
    ...promised(useCases),
    checkOutcome: (outcome: OutcomeToCheck) => rightOrThrow(checkOutcome(outcome)),
    subscribe: (asked?: LedgerSubscription) => throwing(subscribe(asked)),
    taskEither
  }
  return asyncDisposable(withSurroundings(faces, surroundings), (it) => it.dispose())
}
