import * as E from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import type { ReadAll, ReadStream, RecordedEvent, StoreError } from '../../application/ports/event-store.ts'
import type { Connection } from './connection.ts'
import { toStoreError } from './to-store-error.ts'

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

export type Reader = { readonly readStream: ReadStream; readonly readAll: ReadAll }

/** Reads on a connection of its own, which never sees what is not committed. */
export const reader = (connection: Connection, closed: () => StoreError | undefined): Reader => {
  const forwards = connection.prepare(
    `SELECT ${columns} FROM events WHERE stream = ? AND revision >= ? ORDER BY revision LIMIT ?`
  )
  const backwards = connection.prepare(
    `SELECT ${columns} FROM events WHERE stream = ? AND revision <= ? ORDER BY revision DESC LIMIT ?`
  )
  // the plus keeps SQLite from the index on streams, by which it would have to sort the whole log for each page
  const scan = connection.prepare(
    `SELECT ${columns} FROM events WHERE position > ? AND +stream >= ? AND +stream < ? ORDER BY position LIMIT ?`
  )
  const head = connection.prepare('SELECT max(position) FROM events')

  const attempt =
    <A>(read: () => A): TaskEither<StoreError, A> =>
    async () => {
      const over = closed()
      return over === undefined ? E.tryCatch(read, toStoreError) : E.left(over)
    }

  return {
    readStream: (stream, direction, from, count) =>
      attempt(() => {
        if (direction === 'forwards') {
          if (from === 'end') return []
          return forwards.rows([stream, from === 'start' ? 0 : Number(from), count]).map(recorded)
        }
        const upTo = from === 'end' ? Number.MAX_SAFE_INTEGER : from === 'start' ? 0 : Number(from)
        return backwards.rows([stream, upTo, count]).map(recorded)
      }),
    readAll: (after, streamPrefix, maxCount) =>
      attempt(() => {
        const from = after === 'start' ? 0 : Number(after)
        const end = Number(head.rows([])[0]?.[0] ?? 0)
        const events = scan.rows([from, streamPrefix, above(streamPrefix), maxCount]).map(recorded)
        const atEnd = events.length < maxCount
        // a short page has seen everything up to the head, other streams' events among it
        const position = atEnd ? Math.max(from, end) : Number(events.at(-1)?.position ?? from)
        return { events, next: position === 0 ? 'start' : String(position), atEnd }
      })
  }
}
