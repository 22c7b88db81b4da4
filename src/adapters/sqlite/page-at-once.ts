import * as E from 'fp-ts/Either'
import type { RecordedEvent } from '../../application/ports/event-store.ts'
import type { Connection, Parameter } from './connection.ts'
import type { FileSchema } from './file-schema.ts'

const [comma, zero, nine] = [44, 48, 57]

/** Whole numbers that stand apart by commas; nothing where anything else is among them. */
const numbersIn = (bytes: Buffer): ReadonlyArray<number> | undefined => {
  const all: Array<number> = []
  let number = 0
  for (const byte of bytes) {
    if (byte >= zero && byte <= nine) number = number * 10 + (byte - zero)
    else if (byte === comma) {
      all.push(number)
      number = 0
    } else return undefined
  }
  all.push(number)
  return all
}

/** Position, revision, time, type, and how long name and body are. */
const perEvent = 6

/** The events that numbers and bytes are of, in order; nothing where they are not as they should be. */
const eventsIn = (
  { read }: FileSchema,
  numbers: ReadonlyArray<number>,
  bytes: Buffer
): ReadonlyArray<RecordedEvent> | undefined => {
  const events: Array<RecordedEvent> = []
  let last = 0
  let start = 0
  for (let at = 0; at < numbers.length; at += perEvent) {
    const [position = 0, revision, time, type, name = 0, body = 0] = numbers.slice(at, at + perEvent)
    const end = start + name + body
    if (position <= last || end > bytes.length) return undefined
    const event = read([position, revision, time, type, name, name + body, bytes.subarray(start, end)])
    if (E.isLeft(event)) return undefined
    events.push(event.right)
    last = position
    start = end
  }
  return start === bytes.length ? events : undefined
}

/**
 * Reads a part of the log as one row, in which SQLite has put the numbers of all its events, and all their bytes: to be
 * handed row by row takes the driver longer than all else. Nothing where one of them is not as it should be: then only a
 * look at each row tells which.
 */
export const pageAtOnce = (
  connection: Connection,
  schema: FileSchema
): ((parameters: ReadonlyArray<Parameter>) => ReadonlyArray<RecordedEvent> | undefined) => {
  if (schema.scanAtOnce === undefined) return () => undefined
  const scan = connection.prepare(schema.scanAtOnce)
  return (parameters) => {
    const [count, areFound, numbers, bytes] = scan.row(parameters) ?? []
    if (count === 0) return []
    if (areFound !== 1 || !Buffer.isBuffer(numbers) || !Buffer.isBuffer(bytes)) return undefined
    const all = numbersIn(numbers)
    return all?.length === perEvent * Number(count) ? eventsIn(schema, all, bytes) : undefined
  }
}
