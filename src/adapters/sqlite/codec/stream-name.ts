import { isUtf8 } from 'node:buffer'
import { copyPacked, packing, putHex } from './packing.ts'

// Names are kept as bytes. Of a ledger's stream the 64 digits at the end are the 32 bytes that they stand for: after 0xFF
// alone in keyfold's own category, else after what comes before them and 0xFE. UTF-8 has no such bytes.

const own = 'idempotency-idem_'
const [ofOthers, ofOwn] = [0xfe, 0xff]
const [digits, digest] = [64, 32]

/** `"idem_` and the digits, and the quote at the end. */
const recordIdLength = 5 + digits

const shared = packing()

export const streamName = (stream: string): Buffer => {
  const end = stream.length - digits
  const before = end > 0 ? stream.slice(0, end) : ''
  shared.end = 0
  if (before === '' || !putHex(shared, stream, end, digest)) return Buffer.from(stream)
  const start = before === own ? '' : before
  const length = Buffer.byteLength(start)
  const name = Buffer.allocUnsafe(length + 1 + digest)
  name.write(start)
  name[length] = before === own ? ofOwn : ofOthers
  copyPacked(shared, name, length + 1)
  return name
}

const textOf = (bytes: Buffer): string | undefined => (isUtf8(bytes) ? bytes.toString('utf8') : undefined)

/** The name that the bytes are, or nothing where they are none's. */
export const streamOf = (bytes: Buffer): string | undefined => {
  const at = bytes.length - digest - 1
  if (at === 0 && bytes[0] === ofOwn) return own + bytes.toString('hex', 1)
  if (at <= 0 || bytes[at] !== ofOthers) return textOf(bytes)
  const before = textOf(bytes.subarray(0, at))
  return before && before + bytes.toString('hex', at + 1)
}

/** The record id that a stream may be named for, as JSON writes it; of another stream it is some text, or none. */
export const ownIdOf = (stream: string): string =>
  stream.length < recordIdLength ? '' : `"${stream.slice(-recordIdLength)}"`

const isDigit = (code: number): boolean => (code >= 48 && code <= 57) || (code >= 97 && code <= 102)

/**
 * Bounds of the names that start with a prefix: from the first up to the second, exclusive, and from the third on where
 * there is one. A prefix that ends among the digits has wider bounds.
 */
export const boundsOf = (prefix: string): readonly [Buffer, Buffer, Buffer | null] => {
  let end = prefix.length
  while (end > 0 && prefix.length - end < digits && isDigit(prefix.charCodeAt(end - 1))) end--
  const shortest = prefix.slice(0, end)
  const from = Buffer.from(shortest)
  return [from, Buffer.concat([from, Buffer.of(0xff)]), own.startsWith(shortest) ? Buffer.of(ofOwn) : null]
}
