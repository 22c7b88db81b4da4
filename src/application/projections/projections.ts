import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import type { TaskEither } from 'fp-ts/TaskEither'
import type { Failure } from '../../domain/failure.ts'
import { allOf, type Parsed } from '../../domain/parsing/parsed.ts'
import { checkedStore } from '../engine/watch/guarded-store.ts'
import type { TaskLedger } from '../ledger.ts'
import { abortWatch } from '../ports/abort-watch.ts'
import type { ParkedKey } from '../ports/view-store.ts'
import { asked } from './asked.ts'
import { checkedViews } from './checked-views.ts'
import { type Health, healthOf } from './health.ts'
import { hearing } from './hearing.ts'
import type { RebuildInput, RunInput, WaitInput } from './inputs.ts'
import * as parsing from './inputs.ts'
import { type Leases, ledgerLeases, noLeases } from './lease.ts'
import { askingLive, liveOf, noView, standingOf } from './live-build.ts'
import { type Intervened, type Intervention, intervene } from './parking.ts'
import { type Projection, parseProjection } from './projection.ts'
import { type TaskView, viewOf } from './reading.ts'
import { type Rebuilt, rebuild } from './rebuild.ts'
import { projectionSink, run, type SinkNow, type Toolkit } from './run.ts'
import type { Sink } from './sink.ts'
import { underWay } from './under-way.ts'
import { type Verified, type VerifyOptions, verify } from './verify.ts'
import { waitUntil } from './wait-until.ts'

/** A run. It ends by `stop`, by its signal, or by a failure that does not pass. */
export type TaskRunner = {
  /** Finishes the batch that is being written, lets go of the lease, and resolves. */
  readonly stop: () => Promise<void>
  /** What it ended by. */
  readonly ended: TaskEither<Failure, void>
}

type By = Omit<Intervention, 'action'>

/** All that can be done with projections (SPEC section 9). */
export type TaskProjections = {
  /** Feeds a view, from its checkpoint on, and goes on live. A listener that throws ends it, as `Aborted`; so of all here. */
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

/** A projection, and how it is run or rebuilt. */
const inParts = <S, I extends Pick<RunInput, 'partitions'>>(projection: Projection<S>, input: Parsed<I>) =>
  pipe(
    input,
    E.bindTo('options'),
    E.bind('taken', ({ options }) => parseProjection(projection, options.partitions))
  )

const refused = (fault: Failure): TaskRunner => ({ stop: async () => {}, ended: async () => E.left(fault) })

export type ProjectionsSetup = {
  readonly ledger: Pick<TaskLedger, 'reserve' | 'renew' | 'release'>
  readonly owner: string
  readonly leaseMs: number
}

/** All that can be done, and how runs, rebuilds and verifications are ended together: nothing new is begun then. */
export type EndingProjections = TaskProjections & { readonly end: () => Promise<void> }

/** Ties what can be done with projections to what it works with. */
export const taskProjections = (given: Toolkit, { ledger, owner, leaseMs }: ProjectionsSetup): EndingProjections => {
  const toolkit: Toolkit = { ...given, store: checkedStore(given.store), views: checkedViews(given.views) }
  const leasesFor = (lease: 'none' | undefined): Leases =>
    lease === 'none' ? noLeases : ledgerLeases(ledger, toolkit.timer, owner, leaseMs)

  const { begin, end } = underWay(abortWatch())

  const start = (name: string, sinkNow: SinkNow, input: RunInput): TaskRunner => {
    const { ended, halt } = begin(input.signal, ({ signal, halt }) => {
      const { heard, outcome } = hearing(`the run of ${name}`, halt)
      return run(toolkit, name, sinkNow, {
        partitions: input.partitions ?? 1,
        leases: leasesFor(input.lease),
        batch: { size: input.batchSize ?? 1000, lingerMs: input.lingerMs ?? 2 },
        patienceMs: input.patienceMs ?? 60_000,
        signal,
        onCheckpoint: heard((partition, checkpoint) => input.onCheckpoint?.(partition, checkpoint)),
        onRetry: heard(input.onRetry)
      }).then(outcome)
    })
    return {
      stop: async () => {
        halt()
        await ended
      },
      ended: () => ended
    }
  }

  const rebuilding = async <S>(projection: Projection<S>, input: RebuildInput): Promise<E.Either<Failure, Rebuilt>> => {
    const live = await liveOf(toolkit.views, projection.name)
    if (E.isLeft(live)) return live
    return begin(input.signal, ({ signal, halt }) => {
      // what is done is done, whoever rejects by then
      const { heard, outcome } = hearing(`the rebuild of ${projection.name}`, halt)
      return rebuild(toolkit, projection, {
        partitions: input.partitions ?? live.right?.partitions ?? 1,
        leases: leasesFor(input.lease),
        batch: { size: input.batchSize ?? 5000, lingerMs: 0 },
        poison: input.poison ?? 'fail',
        signal,
        onProgress: heard(input.onProgress)
      }).then((ended) => (E.isRight(ended) ? ended : outcome<Rebuilt>(ended)))
    }).ended
  }

  const verifying = <S>(projection: Projection<S>, input: VerifyOptions): Promise<E.Either<Failure, Verified>> =>
    begin(input.signal, ({ signal, halt }) => {
      const { heard, outcome } = hearing(`verify of ${projection.name}`, halt)
      return verify(toolkit, projection, { signal, onProgress: heard(input.onProgress) }).then(outcome)
    }).ended

  const parkedOf = async (name: string): Promise<E.Either<Failure, ReadonlyArray<ParkedKey>>> => {
    const live = await liveOf(toolkit.views, name)
    if (E.isLeft(live)) return live
    if (live.right === undefined) return E.left(noView(name))
    const stands = await standingOf(toolkit.views, live.right)
    return E.isLeft(stands) ? stands : E.right(stands.right.parked)
  }

  const intervening =
    (action: Intervention['action']) =>
    <S>(projection: Projection<S>, by: By) =>
      asked(
        () => allOf({ taken: parseProjection(projection), given: parsing.intervention(by) }),
        ({ taken, given }) => intervene(toolkit, taken, { ...given, action })
      )

  return {
    end,
    run: (projection, input = {}) => {
      const parsed = inParts(projection, parsing.runOptions(input))
      if (E.isLeft(parsed)) return refused(parsed.left)
      const { taken, options } = parsed.right
      return start(taken.name, projectionSink(toolkit, taken, options.partitions ?? 1, 'park'), options)
    },
    runSink: (given, input = {}) => {
      const parsed = allOf({ sink: parsing.sink(given), options: parsing.runOptions(input) })
      if (E.isLeft(parsed)) return refused(parsed.left)
      const { sink, options } = parsed.right
      return start(sink.name, async () => E.right(sink), options)
    },
    rebuild: (projection, input = {}) =>
      asked(
        () => inParts(projection, parsing.rebuildOptions(input)),
        ({ taken, options }) => rebuilding(taken, options)
      ),
    verify: (projection, given = {}) =>
      asked(
        () => allOf({ taken: parseProjection(projection), options: parsing.verifyOptions(given) }),
        ({ taken, options }) => verifying(taken, options)
      ),
    health: (given) =>
      asked(
        () => parsing.viewName(given),
        (name) => healthOf(toolkit, name)
      ),
    waitUntil: (view, place, given = {}) =>
      asked(
        () =>
          allOf({
            name: parsing.viewName(view),
            position: parsing.position(place),
            options: parsing.waitOptions(given)
          }),
        ({ name, position, options: { withinMs = 10_000, signal } }) =>
          waitUntil(toolkit, name, position, { withinMs, signal })
      ),
    parked: (given) =>
      asked(
        () => parsing.viewName(given),
        (name) => askingLive(name, () => parkedOf(name))
      ),
    retry: intervening('retry'),
    skip: intervening('skip'),
    view: (projection) => viewOf(toolkit, parseProjection(projection))
  }
}
