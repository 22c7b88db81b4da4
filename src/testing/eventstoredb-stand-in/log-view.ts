import { type LoggedEvent, tombstone } from './events.ts'
import {
  isMetastream,
  metadataIn,
  metadataOfMetadata,
  metastreamOf,
  noMetadata,
  originalOf,
  type StreamMetadata
} from './stream-metadata.ts'

/** How far into the log somebody sees: the position that comes then, and the number of events before it. */
export type Horizon = { readonly end: bigint; readonly count: number }

/** The log as those see it who see as far as a horizon, which may move on. */
export type LogView = {
  readonly now: () => number
  /** All events of the log; only the first `count()` of them are in sight. */
  readonly events: ReadonlyArray<LoggedEvent>
  readonly count: () => number
  /** The position that comes after the last record. */
  readonly end: () => bigint
  /** The position of the last record. */
  readonly last: () => bigint
  /** Whether a record begins there, or the log ends. */
  readonly isBoundary: (position: bigint) => boolean
  /** The events of a stream by number; a tombstone, if there is one, comes last. */
  readonly eventsOf: (stream: string) => ReadonlyArray<LoggedEvent>
  /** The number of the last event: -1 where there is none, `tombstone` where the stream is gone for good. */
  readonly lastOf: (stream: string) => bigint
  readonly metadataOf: (stream: string) => StreamMetadata
  readonly isSoftDeleted: (stream: string) => boolean
}

/** What the log is made of. `unseen` are the positions of records without an event, in order. */
export type Store = {
  readonly now: () => number
  readonly events: ReadonlyArray<LoggedEvent>
  readonly streams: ReadonlyMap<string, ReadonlyArray<LoggedEvent>>
  readonly unseen: ReadonlyArray<bigint>
}

/** The index of the first of ascending positions that is not below one. */
export const firstFrom = <Item>(
  items: ReadonlyArray<Item>,
  position: bigint,
  positionOf: (item: Item) => bigint
): number => {
  let [low, high] = [0, items.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    const item = items[middle]
    if (item !== undefined && positionOf(item) < position) low = middle + 1
    else high = middle
  }
  return low
}

export const positionOf = ({ position }: LoggedEvent): bigint => position
const itself = (position: bigint): bigint => position

const none: ReadonlyArray<LoggedEvent> = []

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b)

export const viewOf = (store: Store, horizon: () => Horizon): LogView => {
  const { now, events, streams, unseen } = store

  const eventsOf = (name: string): ReadonlyArray<LoggedEvent> => {
    const all = streams.get(name) ?? none
    const { end } = horizon()
    const newest = all.at(-1)
    return newest === undefined || newest.position < end ? all : all.slice(0, firstFrom(all, end, positionOf))
  }

  const lastOf = (name: string): bigint => {
    // a tombstone takes the metadata stream with it
    if (isMetastream(name) && lastOf(originalOf(name)) === tombstone) return tombstone
    return eventsOf(name).at(-1)?.revision ?? -1n
  }

  const metadataOf = (name: string): StreamMetadata => {
    if (isMetastream(name)) return metadataOfMetadata
    const newest = eventsOf(metastreamOf(name)).at(-1)
    return newest === undefined ? noMetadata : metadataIn(newest)
  }

  const isAt = <Item>(items: ReadonlyArray<Item>, position: bigint, of: (item: Item) => bigint): boolean => {
    const item = items[firstFrom(items, position, of)]
    return item !== undefined && of(item) === position
  }

  return {
    now,
    events,
    count: () => horizon().count,
    end: () => horizon().end,
    last: () => {
      const { end, count } = horizon()
      const without = unseen[firstFrom(unseen, end, itself) - 1] ?? 0n
      return max(events[count - 1]?.position ?? 0n, without)
    },
    isBoundary: (position) =>
      position === horizon().end || isAt(events, position, positionOf) || isAt(unseen, position, itself),
    eventsOf,
    lastOf,
    metadataOf,
    isSoftDeleted: (name) => metadataOf(name).truncateBefore === tombstone
  }
}

export const hasMetastream = (view: LogView, stream: string): boolean => view.eventsOf(metastreamOf(stream)).length > 0
