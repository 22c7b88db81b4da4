import * as E from 'fp-ts/Either'
import type { RecordedEvent, StoreError } from '../../../application/ports/event-store.ts'
import { fromPosition } from '../../common/numbered-position.ts'
import type { Connection } from '../connection.ts'
import type { FileSchema } from '../file-schema.ts'
import { pageReader } from '../read-page.ts'

const pageSize = 500

/** All events of a file, page by page, from the first one on; it ends at the first that cannot be read. */
export type Pages = () => Iterable<E.Either<StoreError, ReadonlyArray<RecordedEvent>>>

/** Reads with all that tells damage: every event is also looked up as commands find it. */
export const eventsIn = (connection: Connection, schema: FileSchema, last: number): Pages => {
  const page = pageReader(connection, schema)
  return function* () {
    for (let after = 0; ; ) {
      const { events, unreadable = [], next, atEnd } = page(after, '', pageSize, last)
      const [fault] = unreadable
      if (fault !== undefined) {
        yield E.left(fault.error)
        return
      }
      yield E.right(events)
      const from = fromPosition(next)
      if (atEnd || E.isLeft(from) || from.right <= after) return
      after = from.right
    }
  }
}
