import { type LoggedEvent, tombstone } from './events.ts'
import type { Log } from './log.ts'
import type { From, ReadRequest } from './read-request.ts'
import type { StreamView } from './stream-view.ts'

/** The index of the first record at a position or after it. */
export const indexOf = (records: ReadonlyArray<LoggedEvent>, position: bigint): number => {
  let [low, high] = [0, records.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    const record = records[middle]
    if (record !== undefined && record.position < position) low = middle + 1
    else high = middle
  }
  return low
}

function* walk(
  events: ReadonlyArray<LoggedEvent>,
  { first, last, backwards }: { first: number; last: number; backwards: boolean },
  wanted: (event: LoggedEvent) => boolean
): Generator<LoggedEvent> {
  const step = backwards ? -1 : 1
  for (let index = backwards ? last : first; index >= first && index <= last; index += step) {
    const event = events[index]
    if (event !== undefined && wanted(event)) yield event
  }
}

/** What is in the log when a read of it begins. Backwards it is what lies before the position, forwards from it on. */
export const rangeOfAll = (log: Log, { from, backwards, filter }: ReadRequest): Iterable<LoggedEvent> => {
  const { records } = log
  const start = typeof from === 'bigint' ? indexOf(records, from) : from === 'start' ? 0 : records.length
  const range = backwards ? { first: 0, last: start - 1 } : { first: start, last: records.length - 1 }
  return walk(records, { ...range, backwards }, filter?.matches ?? (() => true))
}

const revisionOf = (from: From): bigint => (from === 'start' ? 0n : from === 'end' ? tombstone : from)

const within = (revision: bigint, last: bigint): number => Number(revision > last ? last : revision)

/** What a stream shows when a read of it begins. */
export const rangeOfStream = (
  events: ReadonlyArray<LoggedEvent>,
  view: Extract<StreamView, { _tag: 'Found' }>,
  { from, backwards }: ReadRequest
): Iterable<LoggedEvent> => {
  const revision = revisionOf(from)
  const range = backwards
    ? { first: Number(view.first), last: within(revision, view.last) }
    : { first: Math.max(Number(revision), Number(view.first)), last: Number(view.last) }
  return walk(events, { ...range, backwards }, view.isYoung)
}
