import * as E from 'fp-ts/Either'
import { nodeRandom } from '../adapters/node/random.ts'
import { sha256 } from '../adapters/node/sha256.ts'
import { nextTurn, nodeTimer } from '../adapters/node/timer.ts'
import { type AsyncDisposing, asyncDisposable } from '../application/ports/async-disposable.ts'
import type { Clock } from '../application/ports/clock.ts'
import type { ViewStore } from '../application/ports/view-store.ts'
import type { RunInput } from '../application/projections/inputs.ts'
import type { Projection } from '../application/projections/projection.ts'
import { type TaskProjections, type TaskRunner, taskProjections } from '../application/projections/projections.ts'
import type { TaskView } from '../application/projections/reading.ts'
import type { Toolkit } from '../application/projections/run.ts'
import type { Sink } from '../application/projections/sink.ts'
import type { Failure } from '../domain/failure.ts'
import { Millis } from '../domain/instant.ts'
import { having, optionsOf } from '../domain/parsing/having.ts'
import { faultOf, keeping, optional } from '../domain/parsing/parsed.ts'
import { reading } from '../domain/parsing/reading.ts'
import { func, isFunction, isMembers, string } from '../domain/parsing/values.ts'
import { defaultCategory } from './category.ts'
import { guardedRandom, guardedTimer } from './guarded.ts'
import { createLedger, type LedgerOptions } from './ledger.ts'
import { KeyfoldError, orThrow, type Promised, promised, rightOrThrow } from './promises.ts'

/** What projections work with. */
export type ProjectionsOptions = Pick<LedgerOptions, 'store' | 'category' | 'clock' | 'timer' | 'chance'> & {
  /** Where views are kept. */
  readonly views: ViewStore
  /** How long a runner that crashed keeps others from its projection, ms. 30,000 where it is left out, 100 at least. */
  readonly leaseMs?: number | undefined
  /** Who runs here, as it stands in the leases. A random UUID where it is left out. */
  readonly owner?: string | undefined
}

/** A run, for callers at home in promises. */
export type Runner = Pick<TaskRunner, 'stop'> & {
  /** Resolves once it is stopped; throws the `KeyfoldError` that it ended by. */
  readonly ended: () => Promise<void>
}

/** The live view of a projection. */
export type View<S> = Promised<TaskView<S>>

/** What time it is for queries that do not say it. */
export type QueryTime = {
  /** The clock that the projections were given. */
  readonly clock: Clock
}

type Answering = Omit<TaskProjections, 'run' | 'runSink' | 'view'>

/** All that can be done with projections, as promises that throw `KeyfoldError`; and the same as `TaskEither`. */
export type Projections = AsyncDisposing &
  Promised<Answering> & {
    /** Feeds a view. */
    readonly run: <S>(projection: Projection<S>, options?: RunInput) => Runner
    /** Feeds a sink. */
    readonly runSink: (sink: Sink, options?: RunInput) => Runner
    /** The live view. */
    readonly view: <S>(projection: Projection<S>) => View<S>
    /** What a projection says can be asked of it, on its live view. */
    readonly queries: <S, Q>(
      projection: Projection<S, Q> & {
        /** What can be asked of the live view. */
        readonly queries: (view: View<S>, at: QueryTime) => Q
      }
    ) => Q
    /** The same, each a `TaskEither`. */
    readonly taskEither: TaskProjections
    /**
     * Stops what runs, gives up rebuilds and verifications, and begins none any more. Stores stay open: they are disposed of
     * by whoever opened them.
     */
    readonly dispose: () => Promise<void>
  }

/** What can be asked of something: the rest of it is judged where its view is read. */
const askable = having({ queries: func })

const isViews = (value: unknown): boolean =>
  isMembers(value) &&
  ['generations', 'create', 'fence', 'load', 'commit', 'promote', 'drop', 'row', 'snapshot'].every((name) =>
    isFunction(value[name])
  )

// the rest is judged by the ledger that it goes to
const options = optionsOf(
  {
    views: keeping(isViews, 'must be a store of views'),
    leaseMs: optional(keeping((value) => Millis.is(value) && value >= 100, 'must be a whole number from 100 on')),
    owner: optional(string)
  },
  'path',
  ['store', 'category', 'clock', 'timer', 'chance']
)

const optionsFault = (given: unknown): Failure | undefined => faultOf(options('$', given))

const running = ({ stop, ended }: TaskRunner): Runner => ({ stop, ended: () => orThrow(ended) })

const settingsFrom = (given: ProjectionsOptions) => {
  const { store, views, category = defaultCategory, leaseMs = 30_000, owner } = given
  const { clock = () => Date.now(), timer = nodeTimer, chance: random = nodeRandom } = given
  return { store, views, category, leaseMs, owner, clock, timer, random }
}

/**
 * Projections of the log of a store. Options that make no sense are a programming mistake and thrown at once, as
 * `KeyfoldError` with the tag `InvalidInput`. Leases stand in the same store, in the category `<category>.projections`.
 */
export const createProjections = (given: ProjectionsOptions): Projections => {
  const fault = optionsFault(given)
  if (fault !== undefined) throw new KeyfoldError(fault)
  // each is read once more, and a getter may throw then
  const taken = rightOrThrow(reading('$', () => E.right(settingsFrom(given))))
  const { store, views, category, leaseMs, clock, timer, random } = taken
  // what makes no sense in these is told by the ledger
  const ledger = createLedger({
    store,
    category: `${category}.projections`,
    clock,
    timer,
    chance: random,
    recording: 'ignore'
  })
  const guarded = { timer: guardedTimer(timer), random: guardedRandom(random) }
  const toolkit: Toolkit = { store, views, category, clock, ...guarded, nextTurn, sha256 }
  const owner = taken.owner ?? random.uuid()
  const { end, ...taskEither } = taskProjections(toolkit, { ledger: ledger.taskEither, owner, leaseMs })
  const { run, runSink, view, ...answering } = taskEither
  const viewAsPromises = <S>(projection: Projection<S>): View<S> => promised(view(projection))
  return asyncDisposable(
    {
      ...promised(answering),
      run: (...args) => running(run(...args)),
      runSink: (...args) => running(runSink(...args)),
      view: viewAsPromises,
      queries: (projection) => {
        rightOrThrow(reading('$', () => askable('$', projection)))
        return projection.queries(viewAsPromises(projection), { clock })
      },
      taskEither,
      dispose: async () => {
        await end()
        await ledger.dispose()
      }
    },
    (it) => it.dispose()
  )
}
