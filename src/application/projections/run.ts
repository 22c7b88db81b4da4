import * as E from 'fp-ts/Either'
import type { Failure, FailureTag } from '../../domain/failure.ts'
import type { Checkpoint, ViewStore } from '../ports/view-store.ts'
import type { Settings } from '../settings.ts'
import type { BatchOptions } from './batches.ts'
import { feed } from './feed.ts'
import type { Hold, Leases } from './lease.ts'
import { liveBuild } from './live-build.ts'
import type { Projection } from './projection.ts'
import type { Sink } from './sink.ts'
import type { PoisonRule } from './take-batch.ts'
import { isGone, viewSink } from './view-sink.ts'

/** What everything about projections works with. */
export type Toolkit = Pick<Settings, 'store' | 'sha256' | 'category' | 'timer' | 'clock' | 'nextTurn' | 'random'> & {
  readonly views: ViewStore
}

export type RunOptions = {
  readonly partitions: number
  readonly leases: Leases
  readonly batch: BatchOptions
  /** How long what may pass is tried again since the last batch, ms. */
  readonly patienceMs: number
  readonly signal: AbortSignal
  /** Told of every checkpoint, and of what is tried again. */
  readonly onCheckpoint: (partition: number, checkpoint: Checkpoint, caughtUp: boolean) => void
  readonly onRetry: (partition: number, failure: Failure) => void
}

/** What is worth another try: a store that is away, busy or slow, and a runner that was overtaken. */
const passing: ReadonlySet<FailureTag> = new Set([
  'StoreBusy',
  'StoreUnavailable',
  'StoreTimeout',
  'Overloaded',
  'Contended',
  'AppendUnknown'
])

const shortestPauseMs = 20
const longestPauseMs = 5000

/** Where to feed to; asked again whenever the build that was fed is gone. */
export type SinkNow = () => Promise<E.Either<Failure, Sink>>

export const projectionSink =
  <S>(toolkit: Toolkit, projection: Projection<S>, partitions: number, rule: PoisonRule): SinkNow =>
  async () => {
    const build = await liveBuild(projection, toolkit.category, toolkit.views, partitions)
    return E.isLeft(build) ? build : E.right(viewSink(projection, build.right, toolkit, rule))
  }

type Turn = { readonly isOver: boolean; readonly failed: Failure | undefined }

/** One turn of one partition: as long as its hold, its sink and the log last. */
const turn = async (
  toolkit: Toolkit,
  sinkNow: SinkNow,
  options: RunOptions,
  partition: number,
  { epoch, lost }: Hold,
  onApplied: () => void
): Promise<Turn> => {
  const { signal, partitions, batch, onCheckpoint } = options
  const sink = await sinkNow()
  if (E.isLeft(sink)) return { isOver: !passing.has(sink.left._tag), failed: sink.left }
  const fed = await feed(toolkit, {
    sink: sink.right,
    epoch,
    partition,
    partitions,
    batch,
    signal: AbortSignal.any([signal, lost]),
    onApplied: (checkpoint, caughtUp) => {
      onApplied()
      onCheckpoint(partition, checkpoint, caughtUp)
    }
  })
  if (E.isRight(fed)) return { isOver: signal.aborted, failed: undefined }
  if (isGone(fed.left, sink.right.name)) return { isOver: false, failed: undefined }
  return { isOver: !passing.has(fed.left._tag), failed: fed.left }
}

/** Runs one partition until the signal, or until what went wrong does not pass. */
const runPartition = async (
  toolkit: Toolkit,
  name: string,
  sinkNow: SinkNow,
  options: RunOptions,
  partition: number
): Promise<E.Either<Failure, void>> => {
  const { timer, random } = toolkit
  const { signal, leases, patienceMs, onRetry } = options
  let wellAt = timer.monotonicMs()
  let tries = 0
  const well = (): void => {
    wellAt = timer.monotonicMs()
    tries = 0
  }
  while (!signal.aborted) {
    const hold = await leases(`${name}/${partition}`, signal)
    let failed = E.isLeft(hold) ? hold.left : undefined
    let isOver = failed !== undefined && !passing.has(failed._tag)
    if (E.isRight(hold)) {
      if (hold.right === undefined) return E.right(undefined)
      const done = await turn(toolkit, sinkNow, options, partition, hold.right, well)
      await hold.right.release()
      failed = done.failed
      isOver = done.isOver
    }
    if (failed === undefined) {
      if (isOver) return E.right(undefined)
      continue
    }
    if (isOver || timer.monotonicMs() - wellAt > patienceMs) return E.left(failed)
    onRetry(partition, failed)
    const pause = Math.min(longestPauseMs, shortestPauseMs * 2 ** Math.min(tries++, 10))
    await timer.sleep(pause * (0.5 + random.fraction() / 2), signal)()
  }
  return E.right(undefined)
}

/**
 * Runs all partitions of a projection or a sink until the signal. Where one of them cannot go on the others are stopped
 * too, and its failure is the answer.
 */
export const run = async (
  toolkit: Toolkit,
  name: string,
  sinkNow: SinkNow,
  options: RunOptions
): Promise<E.Either<Failure, void>> => {
  // what is of no use to it is told at once, and not only after its turn to run has come
  const first = await sinkNow()
  if (E.isLeft(first) && !passing.has(first.left._tag)) return first
  const halt = new AbortController()
  const signal = AbortSignal.any([options.signal, halt.signal])
  const all = Array.from({ length: options.partitions }, async (_, partition) => {
    const done = await runPartition(toolkit, name, sinkNow, { ...options, signal }, partition)
    if (E.isLeft(done)) halt.abort()
    return done
  })
  const done = await Promise.all(all)
  return done.find(E.isLeft) ?? E.right(undefined)
}
