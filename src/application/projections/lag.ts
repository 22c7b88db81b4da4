import * as E from 'fp-ts/Either'
import type { Failure } from '../../domain/failure.ts'
import { recordIdIn } from '../../domain/identity.ts'
import type { RecordedEvent, UnreadableEvent } from '../ports/event-store.ts'
import type { Checkpoint } from '../ports/view-store.ts'
import type { Settings } from '../settings.ts'
import { partitionOf } from './partition.ts'
import { placesAfter } from './places-after.ts'
import { type StandsReader, standsAt } from './stands-on.ts'

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

export type LagReader = StandsReader & Pick<Settings, 'clock'>

/** So many events are counted of what is behind; more than these are said to be more. */
const mostCounted = 10_000

/** So many pages are looked at, of which little may be a partition's own; what is behind these may be more. */
const mostPages = 100

export const isFar = (pages: number): boolean => pages >= mostPages

/** How far one partition of a view is behind the log. `NotAStore` where the view is of another log. */
export const lagOf = async (
  toolkit: LagReader,
  name: string,
  checkpoint: Checkpoint,
  partition: number,
  partitions: number
): Promise<E.Either<Failure, Lag>> => {
  let events = 0
  let pages = 0
  let oldestMs: number | undefined
  const since = (ms: number | undefined): number => (ms === undefined ? 0 : Math.max(0, toolkit.clock() - ms) / 1000)
  const isMine = ({ stream }: Place): boolean =>
    partitions === 1 || partitionOf(stream === undefined ? '' : recordIdIn(stream), partitions) === partition
  const from = await standsAt(toolkit, name, checkpoint, { partition, partitions }, isFar)
  if (E.isLeft(from)) return from
  for await (const page of placesAfter(toolkit, from.right)) {
    if (E.isLeft(page)) return page
    const mine = page.right.events.filter(isMine)
    oldestMs ??= mine[0]?.recordedAtMs
    events += mine.length + (page.right.unreadable ?? []).filter(isMine).length
    const isEnough = events >= mostCounted || isFar(++pages)
    if (isEnough && !page.right.atEnd) return E.right({ events, isMore: true, seconds: since(oldestMs) })
  }
  return E.right({ events, isMore: false, seconds: since(oldestMs) })
}

/** How far all partitions of a view are behind together: the events of all, and the longest time. */
export const lagOfAll = async (
  toolkit: LagReader,
  name: string,
  checkpoints: ReadonlyArray<Checkpoint>
): Promise<E.Either<Failure, Lag>> => {
  let all: Lag = { events: 0, isMore: false, seconds: 0 }
  for (const [partition, checkpoint] of checkpoints.entries()) {
    const one = await lagOf(toolkit, name, checkpoint, partition, checkpoints.length)
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
