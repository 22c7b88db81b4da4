import * as E from 'fp-ts/Either'
import type { RecordedEvent, UnreadableEvent } from '../../../application/ports/event-store.ts'
import { unpacked } from '../codec/event-body.ts'
import { streamOf } from '../codec/stream-name.ts'
import type { Row } from '../connection.ts'
import { isCount, maxEventBytes, unreadable, whole } from '../row.ts'

const numbers = (of: string): ReadonlyArray<string> => [
  `${of}position`,
  ...['revision', 'at', 'type'].map((column) => whole(of + column))
]

/** The most that an event's name and body take: its texts, and where each begins. */
export const maxStoredBytes = maxEventBytes + 64

/** So many bytes are read at once, and no more. */
const bytes = (length: string, columns: string): string =>
  `CASE WHEN ${length} <= ${maxStoredBytes} THEN CAST(${columns} AS BLOB) END AS bytes`

const bodyOf = (of: string): string => `octet_length(${of}body)`

/** What `recorded` takes a row from, where the stream is known. */
export const streamColumns = [...numbers(''), '0', bodyOf(''), bytes(bodyOf(''), 'body')].join(', ')

/** The body in a row of `streamColumns`. */
export const bodyIn = (row: Row): Buffer | undefined => {
  const body = row.at(-1)
  return Buffer.isBuffer(body) ? body : undefined
}

const [nameLength, bodyLength] = ['octet_length(head.name)', bodyOf('events.')]
const bothLengths = `${nameLength} + ${bodyLength}`
const nameAndBody = bytes(bothLengths, 'head.name || events.body')

/** What it takes one from where the name has to come with it: as one run of bytes, which is as fast as one of them. */
export const logColumns = [...numbers('events.'), nameLength, bothLengths, nameAndBody].join(', ')

/** The same of many events at once: what `pageColumns` puts together. A part that is missing takes its event out of it. */
export const eventColumns = `${[...numbers('events.'), nameLength, bodyLength].join(" || ',' || ")} AS numbers,
  ${nameAndBody}`

/** No text leaves the file as text, here either; nor more bytes than were asked for, where others come with them. */
export const pageColumns = `CAST(group_concat(numbers, ',') AS BLOB),
  CAST(group_concat(bytes, '') FILTER (WHERE found) AS BLOB)`

/** An event out of a row of `streamColumns`, whose stream is known, or of `logColumns`. */
export const recorded = (row: Row, known?: string): E.Either<UnreadableEvent, RecordedEvent> => {
  const [position, revision, recordedAtMs, type, nameLength, length, all] = row
  if (!isCount(position) || (isCount(length) && length > maxStoredBytes)) {
    return E.left(unreadable(row, `it is larger than ${maxEventBytes} bytes`))
  }
  if (!isCount(revision) || !isCount(recordedAtMs) || !isCount(type)) {
    return E.left(unreadable(row, 'one of its numbers is none'))
  }
  if (!Buffer.isBuffer(all) || !isCount(nameLength) || nameLength > all.length) {
    return E.left(unreadable(row, 'a part of it is missing or too large'))
  }
  const stream = known ?? streamOf(all.subarray(0, nameLength))
  if (stream === undefined) return E.left(unreadable(row, 'the name of its stream is none'))
  const event = unpacked(type, known === undefined ? all.subarray(nameLength) : all, stream)
  return event === undefined
    ? E.left(unreadable(row, 'its bytes are no event'))
    : E.right({
        position: String(position),
        stream,
        revision: BigInt(revision),
        id: event.id,
        type: event.type,
        data: event.data,
        metadata: event.metadata,
        recordedAtMs
      })
}
