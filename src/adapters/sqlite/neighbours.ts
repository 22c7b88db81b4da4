import type { StoreError } from '../../application/ports/event-store.ts'
import { failure } from '../../domain/failure.ts'
import type { Connection } from './connection.ts'
import type { FileSchema } from './file-schema.ts'

// A flipped bit in an index puts an event out of its stream's reach: the stream looks shorter, or as if nobody had
// written to it, and a key would be granted twice. The entry still lies where it was, beside those of its stream: so
// whoever has looked a stream up looks at the entries before and after it too, and asks the table whose they are.

export const outOfReach = failure(
  'CorruptStream',
  'events of this stream are out of reach: the index of the file is damaged where they lie'
)

/** Tells whether events of a stream are out of reach: all but those from revision 0 to `last`, and the one after it. */
export const neighbours = (
  connection: Connection,
  { strays, straysAfter, nameOf }: FileSchema
): ((stream: string, last: number, isFound?: boolean) => StoreError | undefined) => {
  const [all, after] = [connection.prepare(strays), connection.prepare(straysAfter)]
  return (stream, last, isFound = false) =>
    (isFound ? after : all).row([nameOf(stream), last]) === undefined ? undefined : outOfReach
}
