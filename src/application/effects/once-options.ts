import type { Either } from 'fp-ts/Either'
import { type NamesOf, noMisspelt } from '../../domain/parsing/known-members.ts'
import { isMembers } from '../../domain/parsing/values.ts'
import type { IdempotencyRecord } from '../../domain/record.ts'
import type { Clock } from '../ports/clock.ts'
import type { Random } from '../ports/random.ts'
import type { Timer } from '../ports/timer.ts'
import { keyNames } from '../requests/members.ts'
import type { KeyInput, ReserveRequest } from '../requests/requests.ts'
import type { ThrowPolicy } from './classify.ts'
import type { FingerprintInput } from './fix-fingerprint.ts'
import type { ResultCodec } from './result-codec.ts'
import type { RecoverContext, Recovery, TaskContext } from './task-context.ts'

/** Whose the key is, and what is asked under it. */
export type OnceKey = KeyInput & {
  /** Fixed before the task starts. */
  readonly requestFingerprint: FingerprintInput
  /** A fresh random one where it is left out. One live worker each: never derived from the key. */
  readonly claimId?: string | undefined
  /** The event that brought the request, as `reserve` takes it. */
  readonly firstSeenEventId?: string | undefined
}

/** How a task is to be run once, whatever it is. */
export type OnceRules<A> = Pick<
  ReserveRequest,
  'owner' | 'expiresAtMs' | 'retentionMs' | 'actor' | 'correlationId' | 'causationId'
> & {
  /** How long, in ms, a crashed holder blocks the key. Renewed at a third of it while the task runs. */
  readonly lease: number
  /** Whether a duplicate in flight is answered at once, or waits for the other so many ms. `reject` where left out. */
  readonly inFlight?:
    | 'reject'
    | {
        /** How long, ms. */
        readonly wait: number
      }
    | undefined
  /** How the value is stored and read again. As JSON where it is left out. */
  readonly result?: ResultCodec<A> | undefined
  /** After so long the task's signal is aborted, ms. Never where it is left out. */
  readonly maxDurationMs?: number | undefined
  /** The caller gives up: ends waiting, and aborts the task's signal. */
  readonly signal?: AbortSignal | undefined
  /** The ledger's own where they are left out, or the system's where a wrapper hides them. */
  readonly clock?: Clock | undefined
  /** What waits. The ledger's own where it is left out. */
  readonly timer?: Timer | undefined
  /** What makes claim ids and jitter. The ledger's own where it is left out. */
  readonly chance?: Random | undefined
}

/** What each key has of its own. */
export const onceKeyNames: NamesOf<OnceKey> = {
  ...keyNames,
  requestFingerprint: true,
  claimId: true,
  firstSeenEventId: true
}

const names: NamesOf<OnceKey & OnceRules<never>> = {
  ...onceKeyNames,
  owner: true,
  expiresAtMs: true,
  retentionMs: true,
  actor: true,
  correlationId: true,
  causationId: true,
  lease: true,
  inFlight: true,
  result: true,
  maxDurationMs: true,
  signal: true,
  clock: true,
  timer: true,
  chance: true
}

/** What the options of either face have. Other members are left alone, but for those that are next to one of these. */
export const onceMembers = noMisspelt<Record<keyof typeof names | 'keys' | 'onThrow' | 'onLeft' | 'recover', unknown>>({
  ...names,
  keys: true,
  onThrow: true,
  onLeft: true,
  recover: true
})

export const onceKeyMembers = noMisspelt<OnceKey>(onceKeyNames)

/** Each rule as it is now: read once, by its name, whether it is the options' own, inherited or a getter. */
export const rulesIn = <A>(given: OnceRules<A>): OnceRules<A> => {
  const { owner, expiresAtMs, retentionMs, actor, correlationId, causationId } = given
  const { lease, inFlight, result, maxDurationMs, signal, clock, timer, chance } = given
  return {
    owner,
    expiresAtMs,
    retentionMs,
    actor,
    correlationId,
    causationId,
    lease,
    inFlight: isMembers(inFlight) ? { ...inFlight } : inFlight,
    result,
    maxDurationMs,
    signal,
    clock,
    timer,
    chance
  }
}

/** What a task came to: its value; a failure that it gave or threw; or a throw of one that never should. */
export type Attempt<A, E> =
  | { readonly _tag: 'Value'; readonly value: A }
  | { readonly _tag: 'Error'; readonly error: E }
  | { readonly _tag: 'Defect'; readonly error: unknown }

/** What is claimed for a task. */
export type Claimed = {
  readonly keys: ReadonlyArray<OnceKey>
  /** Where each of them stands in the options. */
  readonly pathOf: (index: number) => string
}

/** A task, whichever face it came by. It never rejects. */
export type Work<A, E> = Claimed & {
  readonly rules: OnceRules<A>
  readonly policy: ThrowPolicy<E>
  readonly run: (context: TaskContext) => Promise<Attempt<A, E>>
  /** Never rejects: where it fails, nobody knows. */
  readonly recover?: (previous: IdempotencyRecord, context: RecoverContext) => Promise<Either<unknown, Recovery<A>>>
}
