import { ownText } from './own-text.ts'

/** The code units of Unicode `White_Space`; all of them lie in the basic plane. JavaScript's `trim()` is another set. */
const whiteSpace: ReadonlySet<number> = new Set([
  0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x20, 0x85, 0xa0, 0x1680, 0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006,
  0x2007, 0x2008, 0x2009, 0x200a, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000
])

/** The blank is the one that there is most of, and most other units lie between the two bounds: they need no looking up. */
const isWhiteSpace = (unit: number): boolean => unit === 0x20 || ((unit < 0x20 || unit >= 0x85) && whiteSpace.has(unit))

/** Cuts Unicode `White_Space` from both ends (SPEC section 2): U+0085 is cut, U+FEFF is not. */
export const trimWhiteSpace = (text: string): string => {
  let start = 0
  let end = text.length
  while (start < end && isWhiteSpace(text.charCodeAt(start))) start++
  while (end > start && isWhiteSpace(text.charCodeAt(end - 1))) end--
  return end - start === text.length ? text : ownText(text.slice(start, end))
}

const encoder = new TextEncoder()

export const utf8 = (text: string): Uint8Array => encoder.encode(text)

/** The size of a text in UTF-8 bytes. */
export const utf8Bytes = (text: string): number => utf8(text).length

/** Room for one length: eight bytes. */
const gap = '\0'.repeat(8)

/** A length as eight bytes, big-endian. No string has so many bytes that the first four were not 0. */
const writeLength = (bytes: Uint8Array, at: number, length: number): void => {
  bytes[at] = bytes[at + 1] = bytes[at + 2] = bytes[at + 3] = 0
  // each takes the lowest eight bits
  bytes[at + 4] = length >>> 24
  bytes[at + 5] = length >>> 16
  bytes[at + 6] = length >>> 8
  bytes[at + 7] = length
}

const roomOf = (size: number, room: Uint8Array): Uint8Array => (size <= room.length ? room : new Uint8Array(size))

/** Where every part is ASCII its bytes are as many as its characters, and all parts are encoded at once. */
const asciiPrefixed = (parts: ReadonlyArray<string>, room: Uint8Array): Uint8Array | undefined => {
  let joined = ''
  for (const part of parts) joined += gap + part
  const bytes = roomOf(joined.length, room)
  const { read, written } = encoder.encodeInto(joined, bytes)
  if (read !== joined.length || written !== joined.length) return undefined
  let at = 0
  for (const { length } of parts) {
    writeLength(bytes, at, length)
    at += 8 + length
  }
  return bytes.subarray(0, at)
}

/**
 * Parts as they are hashed: each its UTF-8 byte length (unsigned 64-bit, big-endian), then its bytes. They are written
 * to `room` where it is large enough.
 */
export const lengthPrefixed = (parts: ReadonlyArray<string>, room = new Uint8Array()): Uint8Array => {
  const ascii = asciiPrefixed(parts, room)
  if (ascii !== undefined) return ascii
  let bound = 0
  for (const part of parts) bound += 8 + 3 * part.length
  const bytes = roomOf(bound, room)
  let at = 0
  for (const part of parts) {
    const { written } = encoder.encodeInto(part, bytes.subarray(at + 8))
    writeLength(bytes, at, written)
    at += 8 + written
  }
  return bytes.subarray(0, at)
}

/** The same for parts that are bytes already. */
export const lengthPrefixedBytes = (parts: ReadonlyArray<Uint8Array>): Uint8Array => {
  const bytes = new Uint8Array(parts.reduce((size, part) => size + 8 + part.length, 0))
  let at = 0
  for (const part of parts) {
    writeLength(bytes, at, part.length)
    bytes.set(part, at + 8)
    at += 8 + part.length
  }
  return bytes
}

/** How many characters of somebody's text a message quotes at most. */
const maxQuoted = 200

/** The beginning of a text, for a message: what comes from outside may be of any length. */
export const quoted = (text: string): string => {
  if (text.length <= maxQuoted) return text
  const end = maxQuoted - 1
  // no half of a pair at the end
  return `${ownText(text.slice(0, /[\ud800-\udbff]/.test(text.charAt(end - 1)) ? end - 1 : end))}…`
}
