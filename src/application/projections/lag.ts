import * as E from 'fp-ts/Either'
import type { Failure } from '../../domain/failure.ts'
import { recordIdIn, streamPrefix } from '../../domain/identity.ts'
import type { LogPage, Position, RecordedEvent, UnreadableEvent } from '../ports/event-store.ts'
import type { Checkpoint } from '../ports/view-store.ts'
import type { Settings } from '../settings.ts'
import { partitionOf } from './partition.ts'

type Place = Pick<RecordedEvent, 'stream' | 'position'> | UnreadableEvent

/** What is behind a view: how much of the log, and for how long. */
export type Lag = {
  /** Events of the log that it has not taken in. */
  readonly events: number
  /** Whether there are more of them than were counted. */
  readonly isMore: boolean
  /** How long ago the oldest of them was recorded, seconds; 0 where there is none. */
  readonly seconds: number
}

export type LagReader = Pick<Settings, 'store' | 'category' | 'nextTurn' | 'clock'>

/** So many events are counted of what is behind; more than these are said to be more. */
const mostCounted = 10_000
const pageSize = 1000

/** So many pages are looked at, of which little may be a partition's own; what is behind these may be more. */
const mostPages = 100

/** What is in the log after a position, page by page, until the end or until it was enough. */
export async function* placesAfter(
  { store, category, nextTurn }: Pick<Settings, 'store' | 'category' | 'nextTurn'>,
  after: Position | 'start'
): AsyncGenerator<E.Either<Failure, LogPage>, void> {
  for (let from = after; ; ) {
    const read: E.Either<Failure, LogPage> = await store.readAll(from, streamPrefix(category), pageSize)()
    yield read
    if (E.isLeft(read) || read.right.atEnd) return
    from = read.right.next
    await nextTurn()
  }
}

/** How far one partition of a view is behind the log. */
export const lagOf = async (
  toolkit: LagReader,
  { position }: Checkpoint,
  partition: number,
  partitions: number
): Promise<E.Either<Failure, Lag>> => {
  let events = 0
  let pages = 0
  let oldestMs: number | undefined
  const since = (ms: number | undefined): number => (ms === undefined ? 0 : Math.max(0, toolkit.clock() - ms) / 1000)
  const isMine = ({ stream }: Place): boolean =>
    partitions === 1 || partitionOf(stream === undefined ? '' : recordIdIn(stream), partitions) === partition
  for await (const page of placesAfter(toolkit, position)) {
    if (E.isLeft(page)) return page
    const mine = page.right.events.filter(isMine)
    oldestMs ??= mine[0]?.recordedAtMs
    events += mine.length + (page.right.unreadable ?? []).filter(isMine).length
    const isEnough = events >= mostCounted || ++pages >= mostPages
    if (isEnough && !page.right.atEnd) return E.right({ events, isMore: true, seconds: since(oldestMs) })
  }
  return E.right({ events, isMore: false, seconds: since(oldestMs) })
}

/** How far all partitions of a view are behind together: the events of all, and the longest time. */
export const lagOfAll = async (
  toolkit: LagReader,
  checkpoints: ReadonlyArray<Checkpoint>
): Promise<E.Either<Failure, Lag>> => {
  let all: Lag = { events: 0, isMore: false, seconds: 0 }
  for (const [partition, checkpoint] of checkpoints.entries()) {
    const one = await lagOf(toolkit, checkpoint, partition, checkpoints.length)
    if (E.isLeft(one)) return one
    const { events, isMore, seconds } = one.right
    all = {
      events: all.events + events,
      isMore: all.isMore || isMore,
      seconds: Math.max(all.seconds, seconds)
    }
  }
  return E.right(all)
}
