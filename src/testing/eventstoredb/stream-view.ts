import { type LoggedEvent, tombstone } from './events.ts'
import type { Log } from './log.ts'

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

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b)

/** `$tb`, `$maxCount` and `$maxAge` filter reads and nothing else: a stream of expired events is an empty one. */
export const viewOf = (log: Log, stream: string): StreamView => {
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
