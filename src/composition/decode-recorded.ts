import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import { sha256 } from '../adapters/node/sha256.ts'
import { logEventFault } from '../application/engine/watch/store-faults.ts'
import type { RecordedEvent } from '../application/ports/event-store.ts'
import { decodeRecorded as decodeRecordedBy } from '../application/stream/event-text.ts'
import { entryOf, type HistoryEntry } from '../application/use-cases/history.ts'
import { type Failure, invalidInput } from '../domain/failure.ts'
import { reading } from '../domain/parsing/reading.ts'

/** Each member read once: what is judged is what is decoded. */
const copyOf = ({
  id,
  type,
  data,
  metadata,
  stream,
  revision,
  position,
  recordedAtMs
}: RecordedEvent): RecordedEvent => ({
  id,
  type,
  data,
  metadata,
  stream,
  revision,
  position,
  recordedAtMs
})

/**
 * What a store recorded, as an entry of the key's history: the event, by the newest schema version, with its envelope. For
 * projections, which are fed by `readAll` or `subscribe` of a store. Never throws: `InvalidInput` where it is handed
 * something else, `CorruptStream` where the event's own hash or shape does not hold, `UnsupportedVersion` where a newer
 * keyfold wrote it. That it follows on the event before it (`previousHash`) is for whoever reads the whole stream to check.
 */
export const decodeRecorded = (recorded: RecordedEvent): E.Either<Failure, HistoryEntry> =>
  pipe(
    reading('$', () => E.right(copyOf(recorded))),
    E.flatMap((copy) => {
      const fault = logEventFault(copy, '')
      return fault === undefined ? decodeRecordedBy(sha256)(copy) : E.left(invalidInput(`$ is ${fault}`, '$'))
    }),
    E.map(entryOf)
  )
