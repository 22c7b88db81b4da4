import { isUtf8 } from 'node:buffer'
import { letGo, packing, putHex, setSource } from './packing.ts'

// Names are kept as bytes. Of a ledger's stream the 64 digits at the end are the 32 bytes that they stand for: after 0xFF
// alone in keyfold's own category, else after what comes before them and 0xFE. UTF-8 has no such bytes.

const own = 'idempotency-idem_'
const [ofOthers, ofOwn] = [0xfe, 0xff]
const [digits, digest] = [64, 32]

/** `idem_` and the digits. */
export const recordIdLength = 5 + digits

const shared = packing()

export const streamName = (stream: string): Buffer => {
  const end = stream.length - digits
  if (end <= 0) return Buffer.from(stream)
  setSource(shared, stream)
  shared.end = 0
  const { source, sourceEnd } = shared
  const isNamed = putHex(shared, sourceEnd - digits, digest)
  const start = stream.startsWith(own) && end === own.length ? 0 : sourceEnd - digits
  const name = Buffer.allocUnsafe(isNamed ? start + 1 + digest : sourceEnd)
  source.copy(name, 0, 0, isNamed ? start : sourceEnd)
  if (isNamed) {
    name[start] = start === 0 ? ofOwn : ofOthers
    shared.bytes.copy(name, start + 1, 0, digest)
  }
  letGo(shared)
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

/** The record id that a stream may be named for; of another stream it is some text, or none. */
export const recordIdIn = (stream: string): string =>
  stream.length < recordIdLength ? '' : stream.slice(-recordIdLength)

/** Whether a text goes on with the record id that the stream is named for. */
export const isNamedFor = (stream: string, source: Uint8Array, at: number): boolean => {
  const start = stream.length - recordIdLength
  if (start < 0) return false
  for (let n = 0; n < recordIdLength; n++) {
    const unit = stream.charCodeAt(start + n)
    // any other character is more bytes than one
    if (unit !== source[at + n] || unit >= 0x80) return false
  }
  return true
}

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
