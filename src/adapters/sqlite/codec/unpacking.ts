/** Packed bytes that are being read. They may be damaged: once `isWrong` is set, nothing that was read counts. */
export type Unpacking = {
  readonly bytes: Uint8Array
  /** Where they end, and the texts begin. */
  readonly end: number
  /** The bytes as hexadecimal digits: one call for many parts. */
  readonly hex: string
  at: number
  readonly text: string
  textAt: number
  time: number
  readonly own: string
  isWrong: boolean
}

const wrong = (from: Unpacking): '' => {
  from.isWrong = true
  return ''
}

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

export const takePiece = (from: Unpacking, length: number): string => {
  const start = from.textAt
  from.textAt += length
  return from.textAt <= from.text.length ? from.text.slice(start, from.textAt) : wrong(from)
}

export const takeText = (from: Unpacking): string => takePiece(from, takeNumber(from))

export const takeHex = (from: Unpacking, count: number): string => {
  const start = from.at
  from.at += count
  return from.at <= from.end ? from.hex.slice(2 * start, 2 * from.at) : wrong(from)
}

export const takeUuid = (from: Unpacking): string => {
  const hex = takeHex(from, 16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
