import type { LoggedEvent } from './events.ts'
import type { LogView } from './log-view.ts'
import type { FoundStream } from './stream-view.ts'

/** As many events as the server reads at once. */
export const pageSize = 32

/** A page of a stream, read forwards. `next` is the number to go on from. */
export type StreamPage = { readonly events: ReadonlyArray<LoggedEvent>; readonly next: bigint; readonly isEnd: boolean }

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b)
const min = (a: bigint, b: bigint): bigint => (a < b ? a : b)

const empty = (next: bigint, isEnd: boolean): StreamPage => ({ events: [], next, isEnd })

export const forwardPage = (
  log: LogView,
  stream: string,
  { first, last, isYoung }: FoundStream,
  from: bigint,
  size: number
): StreamPage => {
  const end = from + BigInt(size) - 1n
  // pages that are cut off are not read, nor what comes behind them in the same page
  if (end < first) return empty(first, false)
  const start = max(from, first)
  if (start > last) return empty(last + 1n, true)
  const all = log.eventsOf(stream)
  const events = all.slice(Number(start), Number(min(end, last)) + 1).filter(isYoung)
  const newest = events.at(-1)
  if (newest !== undefined) return { events, next: newest.revision + 1n, isEnd: end >= last }
  // where all of a page has expired, the next begins at the first that has not
  const young = all.findIndex((event) => event.revision > end && isYoung(event))
  return young === -1 ? empty(last + 1n, true) : empty(BigInt(young), false)
}

/** What a stream shows backwards from a number on. */
export function* backwards(
  log: LogView,
  stream: string,
  { first, last, isYoung }: FoundStream,
  from: bigint
): Generator<LoggedEvent> {
  const events = log.eventsOf(stream)
  for (let number = Number(min(from, last)); number >= Number(first); number--) {
    const event = events[number]
    if (event !== undefined && isYoung(event)) yield event
  }
}
