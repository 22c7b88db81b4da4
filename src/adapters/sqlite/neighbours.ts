import type { StoreError } from '../../application/ports/event-store.ts'
import { failure } from '../../domain/failure.ts'
import type { Connection } from './connection.ts'
import { streamIndex } from './schema.ts'

// A flipped bit in the index puts an event out of its stream's reach: the stream looks shorter, or as if nobody had
// written to it, and a key would be granted twice. The entry still lies where it was, beside those of its stream: so
// whoever has looked a stream up looks at the entries before and after it too, and asks the table whose they are.

const entry = (of: string, direction: 'ASC' | 'DESC'): string => `SELECT * FROM (
  SELECT stream, revision, position FROM events INDEXED BY ${streamIndex} WHERE ${of}
  ORDER BY stream ${direction}, revision ${direction} LIMIT 1)`

const outOfReach = failure(
  'CorruptStream',
  'events of this stream are out of reach: the index of the file is damaged where they lie'
)

/** Tells whether events of a stream are out of reach: all but those from revision 0 to `last`, and the one after it. */
export const neighbours = (connection: Connection): ((stream: string, last: number) => StoreError | undefined) => {
  const strays = connection.prepare(
    `SELECT 1 FROM (${entry('(stream, revision) < (?1, 0)', 'DESC')} UNION ALL
       ${entry('(stream, revision) > (?1, ?2)', 'ASC')}) AS beside
     LEFT JOIN events AS there NOT INDEXED ON there.position = beside.position
     WHERE there.position IS NULL OR (there.stream = ?1 AND (beside.stream <> ?1 OR beside.revision <> ?2 + 1))`
  )
  return (stream, last) => (strays.row([stream, last]) === undefined ? undefined : outOfReach)
}
