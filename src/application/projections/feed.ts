import * as E from 'fp-ts/Either'
import { type Failure, failure } from '../../domain/failure.ts'
import { recordIdIn } from '../../domain/identity.ts'
import type { Checkpoint } from '../ports/view-store.ts'
import type { Settings } from '../settings.ts'
import { follow } from '../stream/follow.ts'
import { type BatchOptions, batches } from './batches.ts'
import { partitionOf } from './partition.ts'
import { atStart, checkpointAfter, type Share, type Sink } from './sink.ts'
import { standsAt } from './stands-on.ts'

export type Feed = Share & {
  readonly sink: Sink
  readonly epoch: number
  readonly batch: BatchOptions
  readonly signal: AbortSignal
  /** Told after each batch that was taken in. */
  readonly onApplied: (checkpoint: Checkpoint, caughtUp: boolean) => void
}

type Reader = Pick<Settings, 'store' | 'sha256' | 'category' | 'timer' | 'nextTurn' | 'clock'>

const thrown = (name: string, cause: unknown): Failure =>
  failure('StoreUnavailable', `the sink ${name} failed in a way that it should not`, { cause })

const guarded = async <A>(name: string, work: () => Promise<E.Either<Failure, A>>): Promise<E.Either<Failure, A>> => {
  try {
    return await work()
  } catch (cause) {
    return E.left(thrown(name, cause))
  }
}

/**
 * Feeds one share of the log to a sink, from where the sink stands, batch by batch, until the signal. What it answers is
 * why it could not go on.
 */
export const feed = async (reader: Reader, given: Feed): Promise<E.Either<Failure, void>> => {
  const { sink, epoch, signal, partition, partitions, onApplied } = given
  const share: Share = { partition, partitions }
  const begun = await guarded(sink.name, sink.begin(share, epoch))
  if (E.isLeft(begun)) return begun
  let at = begun.right ?? atStart
  const stands = await standsAt(reader, sink.name, at, share)
  if (E.isLeft(stands)) return stands
  const wants = (stream: string): boolean => partitionOf(recordIdIn(stream), partitions) === partition
  const followed = follow(reader, { after: stands.right, signal, ...(partitions > 1 && { wants }) })
  for await (const read of batches(followed, given.batch, reader)) {
    if (E.isLeft(read)) return read
    const { items, position, caughtUp } = read.right
    // what is read is not applied any more once it is to stop: whoever follows goes on from the checkpoint
    if (signal.aborted) return E.right(undefined)
    if (position !== undefined && position !== at.position) {
      const checkpoint = checkpointAfter(at, items, position, reader.clock())
      const apply = sink.apply({ ...share, epoch, after: at.position, checkpoint, items })
      const applied = await guarded(sink.name, apply)
      if (E.isLeft(applied)) return applied
      at = checkpoint
    }
    onApplied(at, caughtUp)
  }
  return E.right(undefined)
}
