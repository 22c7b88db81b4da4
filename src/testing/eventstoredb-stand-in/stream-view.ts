import { type LoggedEvent, tombstone } from './events.ts'
import type { LogView } from './log-view.ts'

/** A stream as reads show it. */
export type StreamView =
  | { readonly _tag: 'Deleted' }
  | { readonly _tag: 'NotFound' }
  | {
      readonly _tag: 'Found'
      /** Numbers of the first event that is not cut off, and of the last. */
      readonly first: bigint
      readonly last: bigint
      /** Whether the age of an event lets it be seen. */
      readonly isYoung: (event: LoggedEvent) => boolean
    }

export type FoundStream = Extract<StreamView, { _tag: 'Found' }>

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b)

/** `$tb`, `$maxCount` and `$maxAge` filter reads and nothing else: a stream of expired events is an empty one. */
export const streamIn = (log: LogView, stream: string): StreamView => {
  const last = log.lastOf(stream)
  if (last === tombstone) return { _tag: 'Deleted' }
  if (last === -1n || log.isSoftDeleted(stream)) return { _tag: 'NotFound' }
  const { truncateBefore, maxCount, maxAgeMs = Infinity } = log.metadataOf(stream)
  const oldest = log.now() - maxAgeMs
  return {
    _tag: 'Found',
    first: maxCount === undefined ? truncateBefore : max(truncateBefore, last - maxCount + 1n),
    last,
    isYoung: ({ created }) => created >= oldest
  }
}

/** An event by its number, if reads show it; -1 is the last. */
export const visibleEvent = (log: LogView, stream: string, revision: bigint): LoggedEvent | undefined => {
  const view = streamIn(log, stream)
  if (view._tag !== 'Found') return undefined
  const number = revision === -1n ? view.last : revision
  const event = number < view.first || number > view.last ? undefined : log.eventsOf(stream)[Number(number)]
  return event !== undefined && view.isYoung(event) ? event : undefined
}
