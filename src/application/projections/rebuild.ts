import * as E from 'fp-ts/Either'
import { type Failure, failure } from '../../domain/failure.ts'
import type { Generation } from '../ports/view-store.ts'
import type { BatchOptions } from './batches.ts'
import { feed } from './feed.ts'
import { type Leases, noEpoch } from './lease.ts'
import { liveOf } from './live-build.ts'
import { type Projection, shapeOf } from './projection.ts'
import { promote } from './promote.ts'
import type { Toolkit } from './run.ts'
import type { PoisonRule } from './take-batch.ts'
import { buildGone, viewSink } from './view-sink.ts'

/** How far a rebuild is. */
export type RebuildProgress = {
  /** Events that the new build took in, over all partitions. */
  readonly done: number
  /** As many as the live build has taken in, where there is one: about as many as there are. */
  readonly total: number | undefined
}

export type RebuildOptions = {
  /** Into how many partitions the keys are divided. */
  readonly partitions: number
  readonly leases: Leases
  readonly batch: BatchOptions
  readonly poison: PoisonRule
  /** Gives it up. */
  readonly signal: AbortSignal
  /** Told how far it is. */
  readonly onProgress: (progress: RebuildProgress) => void
}

/** What a rebuild came to: the new live build, how many events are in it, and how many keys wait. */
export type Rebuilt = {
  /** How many events were taken in, or wait. */
  readonly events: number
  /** How many keys wait. */
  readonly parked: number
  /** Into how many partitions the keys are divided. */
  readonly partitions: number
}

const givenUp = failure('Aborted', 'the rebuild was given up; the live view is as it was')

/** Feeds one partition until it has caught up once. */
const fill = async <S>(
  toolkit: Toolkit,
  projection: Projection<S>,
  build: Generation,
  { poison, batch }: RebuildOptions,
  partition: number,
  signal: AbortSignal,
  onEvents: (partition: number, events: number) => void
): Promise<E.Either<Failure, void>> => {
  const stop = new AbortController()
  let isFull = false
  const fed = await feed(toolkit, {
    sink: viewSink(projection, build, toolkit, poison),
    epoch: noEpoch,
    partition,
    partitions: build.partitions,
    batch,
    signal: AbortSignal.any([signal, stop.signal]),
    onApplied: ({ events }, caughtUp) => {
      onEvents(partition, events)
      if (!caughtUp) return
      isFull = true
      stop.abort()
    }
  })
  if (E.isLeft(fed)) return fed
  return isFull ? E.right(undefined) : E.left(givenUp)
}

const fillAll = async <S>(
  toolkit: Toolkit,
  projection: Projection<S>,
  build: Generation,
  options: RebuildOptions,
  lost: AbortSignal
): Promise<E.Either<Failure, Rebuilt>> => {
  const live = await liveOf(toolkit.views, projection.name)
  if (E.isLeft(live)) return live
  const before = live.right && (await toolkit.views.checkpoints(live.right.id)())
  const total = before && E.isRight(before) ? before.right.reduce((sum, { events }) => sum + events, 0) : undefined
  const halt = new AbortController()
  const signal = AbortSignal.any([options.signal, lost, halt.signal])
  const counts = new Map<number, number>()
  const done = (): number => [...counts.values()].reduce((sum, events) => sum + events, 0)
  const filled = await Promise.all(
    Array.from({ length: build.partitions }, async (_, partition) => {
      const one = await fill(toolkit, projection, build, options, partition, signal, (at, events) => {
        counts.set(at, events)
        options.onProgress({ done: done(), total })
      })
      if (E.isLeft(one)) halt.abort()
      return one
    })
  )
  // those that were stopped for another's sake say less than it does
  const faults = filled.filter(E.isLeft)
  const fault = faults.find(({ left }) => left !== givenUp) ?? faults[0]
  if (fault !== undefined) return fault
  const parked = await toolkit.views.parked(build.id)()
  return E.isLeft(parked)
    ? parked
    : E.right({ events: done(), parked: parked.right.length, partitions: build.partitions })
}

/**
 * Builds a view anew beside the live one, from the start of the log, and puts it in its place in one step. What fails, or
 * is given up (`Aborted`), leaves the live view untouched. Under the rule `fail` poison is `CorruptStream`. What an operator
 * had left out stays left out.
 */
export const rebuild = async <S>(
  toolkit: Toolkit,
  projection: Projection<S>,
  options: RebuildOptions
): Promise<E.Either<Failure, Rebuilt>> => {
  const { views, category } = toolkit
  const { name, version } = projection
  const { partitions, leases, signal } = options
  const hold = await leases(`${name}/rebuild`, signal)
  if (E.isLeft(hold)) return hold
  if (hold.right === undefined) return E.left(givenUp)
  const { lost, release } = hold.right
  try {
    const live = await liveOf(views, name)
    if (E.isLeft(live)) return live
    const newer = live.right
    if (newer !== undefined && newer.version > version) {
      const message = `the view ${name} is of version ${newer.version}, which is newer than this projection's ${version}`
      return E.left(failure('UnsupportedVersion', message))
    }
    const made = await views.create(
      { name, version, category, partitions, standing: 'building' },
      shapeOf(projection)
    )()
    if (E.isLeft(made)) return made
    const filled = await fillAll(toolkit, projection, made.right, options, lost)
    const isWanted = E.isRight(filled) && !signal.aborted && !lost.aborted
    const promoted = isWanted
      ? await promote(toolkit, projection, made.right, options.poison)()
      : E.right('Given up' as const)
    if (E.isRight(promoted) && promoted.right === 'Committed') return filled
    // what is left of it goes with the next rebuild where the store is away now
    await views.drop(made.right.id)()
    if (E.isLeft(promoted)) return promoted
    if (promoted.right === 'Gone') return E.left(buildGone(name))
    return E.isLeft(filled) ? filled : E.left(givenUp)
  } finally {
    await release()
  }
}
