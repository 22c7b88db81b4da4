import { setImmediate as turn } from 'node:timers/promises'
import * as E from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import type { LogPage, ReadAll, ReadStream, RecordedEvent, StoreError } from '../../application/ports/event-store.ts'
import { fromPosition, toPosition } from '../numbered-position.ts'
import type { Connection } from './connection.ts'
import { toStoreError } from './to-store-error.ts'
import { waitForLock } from './wait-for-lock.ts'

const columns = 'position, stream, revision, id, type, data, metadata, recorded_at_ms'

const recorded = (row: ReadonlyArray<unknown>): RecordedEvent => ({
  position: String(row[0]),
  stream: String(row[1]),
  revision: BigInt(Number(row[2])),
  id: String(row[3]),
  type: String(row[4]),
  data: String(row[5]),
  metadata: String(row[6]),
  recordedAtMs: Number(row[7])
})

/** Greater than every text that starts with the prefix: no code point follows U+10FFFF. */
const above = (prefix: string): string => `${prefix}\u{10FFFF}`

/** SQLite takes a limit below 0 for none. */
const atMost = (count: number): number => Math.max(0, count)

/** The most events that one page looks at: where few are of the prefix, others get their turn all the same. */
const mostScanned = 10_000

export type Reader = { readonly readStream: ReadStream; readonly readAll: ReadAll }

/** Reads on a connection of its own, which never sees what is not committed. `unusable` tells what speaks against it. */
export const reader = (
  connection: Connection,
  busyTimeoutMs: number,
  unusable: () => StoreError | undefined
): Reader => {
  const forwards = connection.prepare(
    `SELECT ${columns} FROM events WHERE stream = ? AND revision >= ? ORDER BY revision LIMIT ?`
  )
  const backwards = connection.prepare(
    `SELECT ${columns} FROM events WHERE stream = ? AND revision <= ? ORDER BY revision DESC LIMIT ?`
  )
  // the plus keeps SQLite from the index of names, by which every page would sort the whole of its prefix
  const scan = connection.prepare(
    `SELECT ${columns} FROM events
     WHERE position > ? AND position <= ? AND +stream >= ? AND +stream < ? ORDER BY position LIMIT ?`
  )
  const head = connection.prepare('SELECT max(position) FROM events')

  const attempt =
    <A>(read: () => A): TaskEither<StoreError, A> =>
    async () => {
      const deadlineAt = performance.now() + busyTimeoutMs
      try {
        return await waitForLock(
          () => deadlineAt,
          () => {
            const error = unusable()
            return error === undefined ? E.right(read()) : E.left(error)
          }
        )
      } catch (cause) {
        return E.left(toStoreError(cause))
      }
    }

  const page = (from: number, streamPrefix: string, maxCount: number): LogPage => {
    const end = Number(head.rows([])[0]?.[0] ?? 0)
    // up to what was the end, though others may have written since: the page is of one moment
    const upTo = Math.min(end, from + mostScanned)
    const events = scan.rows([from, upTo, streamPrefix, above(streamPrefix), atMost(maxCount)]).map(recorded)
    const full = events.length === maxCount
    const next = full ? Number(events.at(-1)?.position ?? from) : Math.max(from, upTo)
    return { events, next: toPosition(next), atEnd: next >= end }
  }

  return {
    readStream: (stream, direction, from, count) =>
      attempt(() => {
        if (direction === 'forwards') {
          if (from === 'end') return []
          return forwards.rows([stream, from === 'start' ? 0 : Number(from), atMost(count)]).map(recorded)
        }
        const upTo = from === 'end' ? Number.MAX_SAFE_INTEGER : from === 'start' ? 0 : Number(from)
        return backwards.rows([stream, upTo, atMost(count)]).map(recorded)
      }),
    readAll: (after, streamPrefix, maxCount) => async () => {
      const from = fromPosition(after)
      if (E.isLeft(from)) return from
      // whoever reads the log page by page lets others have their turn in between
      await turn()
      return attempt(() => page(from.right, streamPrefix, maxCount))()
    }
  }
}
