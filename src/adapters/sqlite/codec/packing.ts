/** A text that is being packed: what is left of it, the bytes so far, and the pieces of text that stay text. */
export type Packing = {
  source: string
  /** How far the source is packed. */
  at: number
  readonly bytes: Uint8Array
  end: number
  texts: string
  /** What the text's `atMs` was: other times are told from it. */
  time: number
  /** The record id that the stream is named for, as JSON; empty where it is named for none. */
  own: string
}

/** Far more than the members of any layout take, which are few and of a fixed size: what is long stays text. */
const room = 4096

export const packing = (): Packing => ({
  source: '',
  at: 0,
  bytes: new Uint8Array(room),
  end: 0,
  texts: '',
  time: 0,
  own: ''
})

/** Copies what was packed. A view for `set` would cost more than the bytes do. */
export const copyPacked = ({ bytes, end }: Packing, into: Uint8Array, at: number): void => {
  for (let n = 0; n < end; n++) into[at + n] = bytes[n] ?? 0
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

export const putText = (to: Packing, text: string): void => {
  putNumber(to, text.length)
  to.texts += text
}

/** Lower-case hexadecimal digits by their character codes; others are 255. */
const digits = new Uint8Array(128).fill(255)
for (let digit = 0; digit < 16; digit++) digits[digit.toString(16).charCodeAt(0)] = digit

/** So many bytes from a text of lower-case hexadecimal digits; false, and nothing is put, where it is none. */
export const putHex = (to: Packing, text: string, from: number, count: number): boolean => {
  const { bytes, end } = to
  if (text.length < from + 2 * count) return false
  for (let n = 0, at = from; n < count; n++, at += 2) {
    const high = digits[text.charCodeAt(at)] ?? 255
    const low = digits[text.charCodeAt(at + 1)] ?? 255
    if ((high | low) > 15) return false
    bytes[end + n] = (high << 4) | low
  }
  to.end = end + count
  return true
}

const dash = 45

export const uuidLength = 36

/** A lower-case UUID out of a text; false, and nothing is put, where there is none. */
export const putUuid = (to: Packing, text: string, from: number): boolean => {
  const { end } = to
  const isOne =
    text.charCodeAt(from + 8) === dash &&
    text.charCodeAt(from + 13) === dash &&
    text.charCodeAt(from + 18) === dash &&
    text.charCodeAt(from + 23) === dash &&
    putHex(to, text, from, 4) &&
    putHex(to, text, from + 9, 2) &&
    putHex(to, text, from + 14, 2) &&
    putHex(to, text, from + 19, 2) &&
    putHex(to, text, from + 24, 6)
  if (!isOne) to.end = end
  return isOne
}
