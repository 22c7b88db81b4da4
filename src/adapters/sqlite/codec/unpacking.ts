/** Packed bytes that are being read, and the text that comes of them. They may be damaged: once `isWrong` is set, nothing counts. */
export type Unpacking = {
  readonly bytes: Buffer
  /** Where they end, and the texts begin. */
  readonly end: number
  at: number
  textAt: number
  /** Whether all that was written to `out` so far is ASCII. */
  isAscii: boolean
  /** The text, as bytes: one call makes a string of them, and it is a flat one. */
  readonly out: Buffer
  outEnd: number
  time: number
  readonly stream: string
  isWrong: boolean
}

/** Far more than comes of the members of any layout but for their texts. */
const membersRoom = 8 * 1024

/** It is used again and again: nothing else is unpacked in between. */
const shared = Buffer.allocUnsafeSlow(64 * 1024)

/** Room for the text that comes of so many bytes of pieces. */
export const roomFor = (texts: number): Buffer =>
  texts + membersRoom <= shared.length ? shared : Buffer.allocUnsafeSlow(texts + membersRoom)

export const takeByte = (from: Unpacking): number => {
  if (from.at < from.end) return from.bytes[from.at++] ?? 0
  from.isWrong = true
  return 0
}

export const takeNumber = (from: Unpacking): number => {
  let number = 0
  let byte = 0x80
  for (let scale = 1; byte >= 0x80 && scale <= Number.MAX_SAFE_INTEGER; scale *= 0x80) {
    byte = takeByte(from)
    number += (byte & 0x7f) * scale
  }
  if (byte >= 0x80 || !Number.isSafeInteger(number)) from.isWrong = true
  return number
}

/** How many bytes so many UTF-16 units take from a place on; more than there are where they end amid a character. */
const sizeOf = ({ bytes, isAscii }: Unpacking, from: number, units: number): number => {
  if (isAscii) return units
  let at = from
  let left = units
  while (left > 0 && at < bytes.length) {
    const byte = bytes[at] ?? 0
    left -= byte >= 0xf0 ? 2 : 1
    at += byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4
  }
  return left === 0 ? at - from : bytes.length
}

/** Goes past so many units of the texts, and tells where they begin; nothing where there are fewer. */
const passPiece = (from: Unpacking, units: number): number | undefined => {
  const start = from.textAt
  from.textAt += sizeOf(from, start, units)
  if (from.textAt <= from.bytes.length) return start
  from.textAt = start
  from.isWrong = true
  return undefined
}

export const addByte = (from: Unpacking, byte: number): void => {
  from.out[from.outEnd++] = byte
}

export const addBytes = (from: Unpacking, bytes: Uint8Array): void => {
  const { out, outEnd } = from
  for (let n = 0; n < bytes.length; n++) out[outEnd + n] = bytes[n] ?? 0
  from.outEnd += bytes.length
}

export const addLetters = (from: Unpacking, text: string): void => {
  const length = from.out.write(text, from.outEnd)
  if (length !== text.length) from.isAscii = false
  from.outEnd += length
}

/** Up to here a loop is quicker than a call. */
const short = 48

export const addPiece = (from: Unpacking, units: number): void => {
  const start = passPiece(from, units)
  if (start === undefined) return
  const { bytes, out, outEnd, textAt } = from
  const length = textAt - start
  if (length > short) bytes.copy(out, outEnd, start, textAt)
  else for (let n = 0; n < length; n++) out[outEnd + n] = bytes[start + n] ?? 0
  from.outEnd += length
}

const zero = 48

/** A number in decimal digits. */
export const addNumber = (from: Unpacking, number: number): void => {
  if (!(Number.isSafeInteger(number) && number >= 0)) {
    from.isWrong = true
    return
  }
  const { out, outEnd } = from
  let length = 1
  for (let bound = 10; bound <= number; bound *= 10) length++
  let left = number
  for (let at = outEnd + length - 1; at >= outEnd; at--) {
    const rest = Math.floor(left / 10)
    // the difference first: a sum with so great a number would not be exact
    out[at] = zero + (left - 10 * rest)
    left = rest
  }
  from.outEnd += length
}

/** The lower-case digit of each half of a byte. */
const digits = Buffer.from('0123456789abcdef')

export const addHex = (from: Unpacking, count: number): void => {
  const { bytes, at, out } = from
  from.at += count
  if (from.at > from.end) {
    from.isWrong = true
    return
  }
  let to = from.outEnd
  for (let n = at; n < at + count; n++) {
    const byte = bytes[n] ?? 0
    out[to++] = digits[byte >>> 4] ?? 0
    out[to++] = digits[byte & 15] ?? 0
  }
  from.outEnd = to
}

const dash = 45

export const addUuid = (from: Unpacking): void => {
  addHex(from, 4)
  for (const count of [2, 2, 2, 6]) {
    addByte(from, dash)
    addHex(from, count)
  }
}

/** A text that was kept as a whole. */
export const takeText = (from: Unpacking): string => {
  const start = passPiece(from, takeNumber(from))
  return start === undefined ? '' : from.bytes.toString(from.isAscii ? 'latin1' : 'utf8', start, from.textAt)
}

/** The text that something adds. */
export const textBy = (from: Unpacking, add: (from: Unpacking) => void): string => {
  const start = from.outEnd
  add(from)
  return from.out.toString(from.isAscii ? 'latin1' : 'utf8', start, from.outEnd)
}
