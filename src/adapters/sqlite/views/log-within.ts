import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import type { RecordedEvent, UnreadableEvent } from '../../../application/ports/event-store.ts'
import type { ViewsBesideLog } from '../../../application/ports/inline.ts'
import { fromPosition } from '../../common/numbered-position.ts'
import type { Connection } from '../connection.ts'
import type { LastPosition } from '../lineage.ts'
import { pageReader } from '../read-page.ts'
import { schema2 } from '../schema-2/schema-2.ts'

type Found = E.Either<UnreadableEvent, RecordedEvent>

const positionOf = (found: Found): number => Number(E.isLeft(found) ? found.left.position : found.right.position)

/** The log as the open transaction of a connection has it, with what it has written itself. */
export const logWithin = (
  connection: Connection,
  last: LastPosition
): Pick<ViewsBesideLog, 'readLog' | 'holds' | 'reaches'> => {
  const page = pageReader(connection, schema2)
  const there = connection.prepare(schema2.forwards)
  return {
    readLog: (after, streamPrefix, maxCount) =>
      pipe(
        fromPosition(after),
        E.map((from) => {
          const known = Math.max(last.known, last.written)
          const { events, unreadable = [], next, atEnd } = page(from, streamPrefix, maxCount, known)
          const found = events.map((event): Found => E.right(event))
          if (unreadable.length === 0) return { found, next, atEnd }
          const all = [...found, ...unreadable.map((event): Found => E.left(event))]
          return { found: all.sort((a, b) => positionOf(a) - positionOf(b)), next, atEnd }
        })
      ),
    reaches: (position) =>
      pipe(
        fromPosition(position),
        E.match(
          () => true,
          (at) => at <= Math.max(last.known, last.written)
        )
      ),
    holds: (stream, revision, id) => {
      const row = there.row([schema2.nameOf(stream), Number(revision), 1])
      const found = row && schema2.read(row, stream)
      if (found === undefined) return false
      return E.isLeft(found) || (found.right.revision === revision && found.right.id === id)
    }
  }
}
