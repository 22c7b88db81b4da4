import { isUtf8 } from 'node:buffer'
import type { UnreadableEvent } from '../../application/ports/event-store.ts'
import { failure } from '../../domain/failure.ts'
import type { Row } from './connection.ts'

// Text that is not UTF-8 ends the process in the driver, and so no column leaves the file as text.

/** The most that one event may hold, in bytes of UTF-8, its texts and names together. */
export const maxEventBytes = 64 * 1024 * 1024

/** A column of whole numbers may hold something else all the same, in a damaged file. */
export const whole = (column: string): string => `CASE typeof(${column}) WHEN 'integer' THEN ${column} END`

/** A number that may be one of the file's: what the driver gives for one that is too great is never safe. */
export const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0

/** The text of bytes that may be any; nothing where they are no text. */
export const textOf = (bytes: unknown): string | undefined =>
  Buffer.isBuffer(bytes) && isUtf8(bytes) ? bytes.toString('utf8') : undefined

/** What is told of a row, which begins with position and revision, that holds no event. */
export const unreadable = (row: Row, what: string): UnreadableEvent => {
  const [position, revision] = row
  const at = isCount(revision) ? `revision ${revision}` : 'an event'
  return {
    position: String(position),
    ...(isCount(revision) && { revision: BigInt(revision) }),
    error: failure('CorruptStream', `${at}, at position ${position} of the file, cannot be read: ${what}`)
  }
}
