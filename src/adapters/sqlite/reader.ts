import * as E from 'fp-ts/Either'
import type { ReadAll, ReadStream, RecordedEvent, StoreError } from '../../application/ports/event-store.ts'
import { fromPosition } from '../common/numbered-position.ts'
import { nextTurn } from '../node/timer.ts'
import type { Connection, Parameter, Row } from './connection.ts'
import type { FileSchema } from './file-schema.ts'
import { groupRead, type ReaderWatch } from './group-read.ts'
import { type LastPosition, lineage } from './lineage.ts'
import { neighbours } from './neighbours.ts'
import { pageReader } from './read-page.ts'
import { toStoreError } from './to-store-error.ts'
import { rollBack } from './transactions.ts'
import { waitForLock } from './wait-for-lock.ts'

/** SQLite takes a limit below 0 for none, and no other number than a whole one. */
const atMost = (count: number): number => Math.min(Math.trunc(Math.max(0, count)) || 0, Number.MAX_SAFE_INTEGER)

export type Reader = { readonly readStream: ReadStream; readonly readAll: ReadAll }

/** Events of one stream: one that cannot be read fails the read, and no other stream's. */
const eventsOf = (
  { read }: FileSchema,
  stream: string,
  rows: ReadonlyArray<Row>
): E.Either<StoreError, ReadonlyArray<RecordedEvent>> => {
  const events: Array<RecordedEvent> = []
  for (const row of rows) {
    const event = read(row, stream)
    if (E.isLeft(event)) return E.left(event.left.error)
    events.push(event.right)
  }
  return E.right(events)
}

/** Prepares to read on a connection of its own, which never sees what is not committed. */
export const reader = (
  connection: Connection,
  schema: FileSchema,
  last: LastPosition
): ((busyTimeoutMs: number, watch: ReaderWatch) => Reader) => {
  const forwards = connection.prepare(schema.forwards)
  const backwards = connection.prepare(schema.backwards)
  // one event is asked for by itself, which costs the driver a fraction of a list. It is a statement of its own: the driver
  // does not begin one anew that gave a list before
  const single = connection.prepare(schema.backwards)
  const before = (asked: ReadonlyArray<Parameter>, count: number): ReadonlyArray<Row> => {
    if (count !== 1) return backwards.rows(asked)
    const row = single.row(asked)
    return row === undefined ? [] : [row]
  }
  const page = pageReader(connection, schema)
  const outOfReach = neighbours(connection, schema)
  const { broken } = lineage(connection, schema, last, 'to read')

  /** In a transaction, so that the schema is looked at before it is relied on. */
  const inTransaction = <A>(read: () => A): E.Either<StoreError, A> => {
    connection.exec('BEGIN')
    try {
      const error = broken()
      return error === undefined ? E.right(read()) : E.left(error)
    } finally {
      rollBack(connection)
    }
  }

  return (busyTimeoutMs, watch) => {
    const { ended, unusable } = watch
    const together = groupRead(inTransaction, watch)

    const alone = async <A>(read: () => A): Promise<E.Either<StoreError, A>> => {
      const deadlineAt = performance.now() + busyTimeoutMs
      try {
        const result = await waitForLock(
          () => deadlineAt,
          () => {
            const error = ended()
            return error === undefined ? inTransaction(read) : E.left(error)
          }
        )
        const error = unusable()
        return error === undefined ? result : E.left(error)
      } catch (cause) {
        return E.left(unusable() ?? toStoreError(cause))
      }
    }

    return {
      readStream:
        (stream, direction, from, count, withinMs = busyTimeoutMs) =>
        () =>
          together(
            () => {
              const at = from === 'start' ? 0 : from === 'end' ? Number.MAX_SAFE_INTEGER : Number(from)
              const asked = [schema.nameOf(stream), at, atMost(count)]
              const rows = direction === 'forwards' ? forwards.rows(asked) : before(asked, count)
              // what is missing amid them shows in their revisions
              const isFound = direction === 'backwards' && from === 'end' && rows.length > 0
              const error = outOfReach(stream, Number.MAX_SAFE_INTEGER, isFound)
              return error === undefined ? eventsOf(schema, stream, rows) : E.left(error)
            },
            Math.min(busyTimeoutMs, withinMs)
          ),
      readAll: (after, streamPrefix, maxCount) => async () => {
        const from = fromPosition(after)
        if (E.isLeft(from)) return from
        // whoever reads the log page by page lets others have their turn in between
        await nextTurn()
        return alone(() => page(from.right, streamPrefix, atMost(maxCount), last.known))
      }
    }
  }
}
