/**
 * A text that is being packed: its bytes, the packed bytes so far, and the pieces that stay text. Texts are packed as
 * bytes, since reading a text character by character costs several times what writing it out once does.
 */
export type Packing = {
  /** The text in UTF-8. What lies after its end is no digit, no letter and no quote at first, so that no look goes past it. */
  source: Buffer
  sourceEnd: number
  /** Whether each of its bytes is a character. */
  isAscii: boolean
  /** How far it is packed. */
  at: number
  readonly bytes: Buffer
  end: number
  texts: Buffer
  textsEnd: number
  /** What the text's `atMs` was: other times are told from it. */
  time: number
  /** The name that may end with the record id which the text is of. */
  stream: string
}

/** Far more than the members of any layout take, which are few and of a fixed size: what is long stays text. */
const bytesRoom = 4096

/** What is kept for texts, bytes; a longer one has room of its own for as long as it is packed. */
const textRoom = 64 * 1024

const rooms = { source: Buffer.allocUnsafeSlow(textRoom), texts: Buffer.allocUnsafeSlow(textRoom) }

export const packing = (): Packing => ({
  source: rooms.source,
  sourceEnd: 0,
  isAscii: true,
  at: 0,
  bytes: Buffer.allocUnsafeSlow(bytesRoom),
  end: 0,
  texts: rooms.texts,
  textsEnd: 0,
  time: 0,
  stream: ''
})

/** Nothing large is held on to. */
export const letGo = (to: Packing): void => {
  to.source = rooms.source
  to.texts = rooms.texts
}

/** Begins with a text. */
export const setSource = (to: Packing, text: string): void => {
  // a unit takes three bytes at most, and the end takes one
  const isShort = 3 * text.length < textRoom
  to.source = isShort ? rooms.source : Buffer.allocUnsafeSlow(Buffer.byteLength(text) + 1)
  to.sourceEnd = to.source.write(text)
  to.source[to.sourceEnd] = 0
  to.isAscii = to.sourceEnd === text.length
  to.at = 0
}

/** Whether the text goes on with these bytes. */
export const goesOn = (source: Uint8Array, at: number, bytes: Uint8Array): boolean => {
  for (let n = 0; n < bytes.length; n++) if (source[at + n] !== bytes[n]) return false
  return true
}

/** A whole number from 0 on, seven bits a byte, the lowest first. */
export const putNumber = (to: Packing, number: number): void => {
  let left = number
  while (left >= 0x80) {
    to.bytes[to.end++] = (left % 0x80) | 0x80
    left = Math.floor(left / 0x80)
  }
  to.bytes[to.end++] = left
}

/** How many UTF-16 units a part of the text has: lengths are kept in them. */
const unitsIn = ({ source, isAscii }: Packing, from: number, until: number): number => {
  if (isAscii) return until - from
  let units = 0
  for (let at = from; at < until; at++) {
    const byte = source[at] ?? 0
    if ((byte & 0xc0) !== 0x80) units += byte >= 0xf0 ? 2 : 1
  }
  return units
}

/** Up to here a loop is quicker than a call. */
const short = 48

/** A part of the text that stays text. Its length is put as so much more. */
export const putPiece = (to: Packing, from: number, until: number, more = 0): void => {
  const { source, textsEnd } = to
  const length = until - from
  putNumber(to, unitsIn(to, from, until) + more)
  if (textsEnd + length > to.texts.length) {
    to.texts = Buffer.concat([to.texts.subarray(0, textsEnd)], 2 * (textsEnd + length))
  }
  const { texts } = to
  if (length > short) source.copy(texts, textsEnd, from, until)
  else for (let n = 0; n < length; n++) texts[textsEnd + n] = source[from + n] ?? 0
  to.textsEnd += length
}

/** A text that stays text as a whole. */
export const putText = (to: Packing, text: string): void => {
  setSource(to, text)
  putPiece(to, 0, to.sourceEnd)
}

/** Lower-case hexadecimal digits by their character codes; others are 255. */
const digits = new Uint8Array(256).fill(255)
for (let digit = 0; digit < 16; digit++) digits[digit.toString(16).charCodeAt(0)] = digit

/** So many bytes from a text of lower-case hexadecimal digits; false, and nothing is put, where it is none. */
export const putHex = (to: Packing, from: number, count: number): boolean => {
  const { source, bytes, end } = to
  for (let n = 0, at = from; n < count; n++, at += 2) {
    const high = digits[source[at] ?? 0] ?? 255
    const low = digits[source[at + 1] ?? 0] ?? 255
    if ((high | low) > 15) return false
    bytes[end + n] = (high << 4) | low
  }
  to.end = end + count
  return true
}

const dash = 45

export const uuidLength = 36

/** A lower-case UUID out of the text; false, and nothing is put, where there is none. */
export const putUuid = (to: Packing, from: number): boolean => {
  const { source, end } = to
  const isOne =
    source[from + 8] === dash &&
    source[from + 13] === dash &&
    source[from + 18] === dash &&
    source[from + 23] === dash &&
    putHex(to, from, 4) &&
    putHex(to, from + 9, 2) &&
    putHex(to, from + 14, 2) &&
    putHex(to, from + 19, 2) &&
    putHex(to, from + 24, 6)
  if (!isOne) to.end = end
  return isOne
}
