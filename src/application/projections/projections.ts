import * as E from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import type { Failure } from '../../domain/failure.ts'
import { having, optionsOf } from '../../domain/parsing/having.ts'
import { both, faultOf, keeping, oneOf, optional, type Parsed } from '../../domain/parsing/parsed.ts'
import { func, isMembers } from '../../domain/parsing/values.ts'
import { checkedStore } from '../engine/watch/guarded-store.ts'
import type { TaskLedger } from '../ledger.ts'
import type { Checkpoint, ParkedKey } from '../ports/view-store.ts'
import { type Health, healthOf, waitUntil } from './health.ts'
import { type Leases, ledgerLeases, noLeases } from './lease.ts'
import { liveOf, noView } from './live-build.ts'
import { type Intervened, type Intervention, intervene } from './parking.ts'
import { nameAndVersion, type Projection, parseProjection } from './projection.ts'
import { type TaskView, viewOf } from './reading.ts'
import { type RebuildProgress, type Rebuilt, rebuild } from './rebuild.ts'
import { projectionSink, run, type SinkNow, type Toolkit } from './run.ts'
import type { Sink } from './sink.ts'
import type { PoisonRule } from './take-batch.ts'
import { type Verified, type VerifyOptions, verify } from './verify.ts'

/** How a projection or a sink is run. */
export type RunInput = {
  /** Into how many parts the keys are divided, each with a runner of its own; 64 at most, 1 where it is left out. */
  readonly partitions?: number | undefined
  /** How many events go into one transaction at most. 1,000 where it is left out. */
  readonly batchSize?: number | undefined
  /** How long an event waits for company on a quiet log, ms. 2 where it is left out. */
  readonly lingerMs?: number | undefined
  /** How long what may pass is tried again, ms. 60,000 where it is left out. */
  readonly patienceMs?: number | undefined
  /** `none` where somebody else sees to it that there is one runner: then only the checkpoint tells two apart. */
  readonly lease?: 'none' | undefined
  /** Ends the run, as `stop` does. */
  readonly signal?: AbortSignal | undefined
  /** Told of each checkpoint. */
  readonly onCheckpoint?: ((partition: number, checkpoint: Checkpoint) => void) | undefined
  /** Told of each failure that is tried again. */
  readonly onRetry?: ((partition: number, failure: Failure) => void) | undefined
}

/** A run. It ends by `stop`, by its signal, or by a failure that does not pass. */
export type TaskRunner = {
  /** Finishes the batch that is being written, lets go of the lease, and resolves. */
  readonly stop: () => Promise<void>
  /** What it ended by. */
  readonly ended: TaskEither<Failure, void>
}

/** How a view is rebuilt. */
export type RebuildInput = Pick<RunInput, 'partitions' | 'batchSize' | 'signal' | 'lease'> & {
  /** What becomes of poison: `fail`, which is the default here, or `park`. */
  readonly poison?: PoisonRule | undefined
  /** Told how far it is. */
  readonly onProgress?: ((progress: RebuildProgress) => void) | undefined
}

/** How long to wait. */
export type WaitInput = {
  /** At most, ms; 10,000 where it is left out. */
  readonly withinMs?: number | undefined
  /** Gives it up. */
  readonly signal?: AbortSignal | undefined
}

type By = Omit<Intervention, 'action'>

/** All that can be done with projections (SPEC section 9). */
export type TaskProjections = {
  /** Feeds a view, from its checkpoint on, and goes on live. */
  readonly run: <S>(projection: Projection<S>, options?: RunInput) => TaskRunner
  /** Feeds a sink, which keeps its own checkpoint. */
  readonly runSink: (sink: Sink, options?: RunInput) => TaskRunner
  /** Builds a view anew beside the live one, and puts it in its place in one step. */
  readonly rebuild: <S>(projection: Projection<S>, options?: RebuildInput) => TaskEither<Failure, Rebuilt>
  /** Holds the live view against the pure fold. */
  readonly verify: <S>(projection: Projection<S>, options?: VerifyOptions) => TaskEither<Failure, Verified>
  /** How a view does; nothing where there is none of that name. */
  readonly health: (name: string) => TaskEither<Failure, Health | undefined>
  /** Whether a view has taken in the event at a position, or all that the log holds now (`end`), within 10 s or what is given. */
  readonly waitUntil: (name: string, position: string, options?: WaitInput) => TaskEither<Failure, boolean>
  /** The keys that wait. */
  readonly parked: (name: string) => TaskEither<Failure, ReadonlyArray<ParkedKey>>
  /** Takes in what waits of a key, where it can be now. */
  readonly retry: <S>(projection: Projection<S>, by: By) => TaskEither<Failure, Intervened>
  /** Leaves the event out at which a key stopped, in every build, and takes in what waits behind it. */
  readonly skip: <S>(projection: Projection<S>, by: By) => TaskEither<Failure, Intervened>
  /** The live view. */
  readonly view: <S>(projection: Projection<S>) => TaskView<S>
}

const whole = (least: number, most: number) =>
  optional(
    keeping(
      (value) => Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most,
      `must be a whole number from ${least} to ${most}`
    )
  )

const dayMs = 86_400_000

const isSignal = (value: unknown): boolean => isMembers(value) && typeof value['aborted'] === 'boolean'

const inputRules = optionsOf({
  partitions: whole(1, 64),
  batchSize: whole(1, 10_000),
  lingerMs: whole(0, 1000),
  patienceMs: whole(0, 30 * dayMs),
  lease: optional(oneOf('none')),
  onCheckpoint: optional(func),
  onRetry: optional(func),
  onProgress: optional(func),
  signal: optional(keeping(isSignal, 'must be an AbortSignal')),
  poison: optional(oneOf('park', 'fail'))
})

const sinkRules = both(keeping(isMembers, 'must be a sink'), having({ ...nameAndVersion, begin: func, apply: func }))

const parsedRun = <S>(projection: Projection<S>, input: RunInput | RebuildInput): Parsed<Projection<S>> => {
  const fault = faultOf(inputRules('$', input))
  return fault === undefined ? parseProjection(projection, input.partitions) : E.left(fault)
}

const refused = (fault: Failure): TaskRunner => ({ stop: async () => {}, ended: async () => E.left(fault) })

export type ProjectionsSetup = {
  readonly ledger: Pick<TaskLedger, 'reserve' | 'renew' | 'release'>
  readonly owner: string
  readonly leaseMs: number
}

/** Ties what can be done with projections to what it works with. */
export const taskProjections = (given: Toolkit, { ledger, owner, leaseMs }: ProjectionsSetup): TaskProjections => {
  const toolkit: Toolkit = { ...given, store: checkedStore(given.store) }
  const leasesFor = (lease: 'none' | undefined): Leases =>
    lease === 'none' ? noLeases : ledgerLeases(ledger, toolkit.timer, owner, leaseMs)

  const start = (name: string, sinkNow: SinkNow, input: RunInput): TaskRunner => {
    const halt = new AbortController()
    const signal = input.signal === undefined ? halt.signal : AbortSignal.any([halt.signal, input.signal])
    const ended = run(toolkit, name, sinkNow, {
      partitions: input.partitions ?? 1,
      leases: leasesFor(input.lease),
      batch: { size: input.batchSize ?? 1000, lingerMs: input.lingerMs ?? 2 },
      patienceMs: input.patienceMs ?? 60_000,
      signal,
      onCheckpoint: (partition, checkpoint) => input.onCheckpoint?.(partition, checkpoint),
      onRetry: (partition, failure) => input.onRetry?.(partition, failure)
    })
    return {
      stop: async () => {
        halt.abort()
        await ended
      },
      ended: () => ended
    }
  }

  const intervening =
    (action: Intervention['action']) =>
    <S>(projection: Projection<S>, by: By) =>
    () =>
      intervene(toolkit, projection, { ...by, action })

  return {
    run: (projection, input = {}) => {
      const parsed = parsedRun(projection, input)
      if (E.isLeft(parsed)) return refused(parsed.left)
      return start(parsed.right.name, projectionSink(toolkit, parsed.right, input.partitions ?? 1, 'park'), input)
    },
    runSink: (sink, input = {}) => {
      const fault = faultOf(sinkRules('$', sink)) ?? faultOf(inputRules('$', input))
      return fault === undefined ? start(sink.name, async () => E.right(sink), input) : refused(fault)
    },
    rebuild:
      (projection, input = {}) =>
      async () => {
        const parsed = parsedRun(projection, input)
        if (E.isLeft(parsed)) return parsed
        const live = await liveOf(toolkit.views, parsed.right.name)
        if (E.isLeft(live)) return live
        return rebuild(toolkit, parsed.right, {
          partitions: input.partitions ?? live.right?.partitions ?? 1,
          leases: leasesFor(input.lease),
          batch: { size: input.batchSize ?? 5000, lingerMs: 0 },
          poison: input.poison ?? 'fail',
          signal: input.signal ?? new AbortController().signal,
          onProgress: (progress) => input.onProgress?.(progress)
        })
      },
    verify:
      (projection, options = {}) =>
      () =>
        verify(toolkit, projection, options),
    health: (name) => () => healthOf(toolkit, name),
    waitUntil:
      (name, position, { withinMs = 10_000, signal } = {}) =>
      () =>
        waitUntil(toolkit, name, position, { withinMs, signal }),
    parked: (name) => async () => {
      const live = await liveOf(toolkit.views, name)
      if (E.isLeft(live)) return live
      return live.right === undefined ? E.left(noView(name)) : toolkit.views.parked(live.right.id)()
    },
    retry: intervening('retry'),
    skip: intervening('skip'),
    view: (projection) => viewOf(toolkit, projection)
  }
}
