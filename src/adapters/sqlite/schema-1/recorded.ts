import { isAscii, isUtf8 } from 'node:buffer'
import * as E from 'fp-ts/Either'
import type { RecordedEvent, UnreadableEvent } from '../../../application/ports/event-store.ts'
import type { Row } from '../connection.ts'
import { isCount, maxEventBytes, unreadable, whole } from '../row.ts'

// All texts of a row come as one run of bytes, which is as fast as texts, and are decoded here.

const texts = ['stream', 'id', 'type', 'data', 'metadata']

/** NULL where a text is missing. It reads no more than the beginning of a row. */
export const octets = texts.map((text) => `octet_length(${text})`).join(' + ')

/** What `recorded` takes a row from. */
export const columns = [
  'position',
  whole('revision'),
  whole('recorded_at_ms'),
  ...texts.map((text) => `octet_length(${text})`),
  `CASE WHEN ${octets} <= ${maxEventBytes} THEN CAST(${texts.join(' || ')} AS BLOB) END AS bytes`
].join(', ')

const isLength = (value: unknown): value is number => isCount(value) && value <= maxEventBytes

/** Where each text begins and the last one ends, or nothing where one begins within a character. */
const bounds = (bytes: Buffer, lengths: ReadonlyArray<unknown>): ReadonlyArray<number> | undefined => {
  const found = [0]
  let at = 0
  for (const length of lengths) {
    if (!isLength(length)) return undefined
    at += length
    if (at < bytes.length && ((bytes[at] ?? 0) & 0xc0) === 0x80) return undefined
    found.push(at)
  }
  return at === bytes.length ? found : undefined
}

const decoded = (bytes: Buffer, lengths: ReadonlyArray<unknown>): ReadonlyArray<string> | undefined => {
  const ascii = isAscii(bytes)
  if (!ascii && !isUtf8(bytes)) return undefined
  const at = bounds(bytes, lengths)
  return at?.slice(1).map((end, index) => {
    const start = at[index] ?? end
    return bytes.toString(ascii ? 'latin1' : 'utf8', start, end)
  })
}

/** An event out of a row of `columns`. */
export const recorded = (row: Row): E.Either<UnreadableEvent, RecordedEvent> => {
  const [position, revision, recordedAtMs, stream, id, type, data, metadata, bytes] = row
  const lengths = [stream, id, type, data, metadata]
  if (lengths.some((length) => isCount(length) && length > maxEventBytes) || !isCount(position)) {
    return E.left(unreadable(row, `it is larger than ${maxEventBytes} bytes`))
  }
  if (!isCount(revision) || !isCount(recordedAtMs)) return E.left(unreadable(row, 'one of its numbers is none'))
  if (!Buffer.isBuffer(bytes)) return E.left(unreadable(row, 'a part of it is missing or too large'))
  const parts = decoded(bytes, lengths)
  if (parts === undefined) return E.left(unreadable(row, 'its text is not UTF-8'))
  const [itsStream = '', itsId = '', itsType = '', itsData = '', itsMetadata = ''] = parts
  return E.right({
    position: String(position),
    stream: itsStream,
    revision: BigInt(revision),
    id: itsId,
    type: itsType,
    data: itsData,
    metadata: itsMetadata,
    recordedAtMs
  })
}
