import { stringEnd, valueEnd } from './json-end.ts'
import { type Packing, putHex, putNumber, putText, putUuid, uuidLength } from './packing.ts'
import { takeByte, takeHex, takeNumber, takePiece, takeText, takeUuid, type Unpacking } from './unpacking.ts'

/**
 * A part of a JSON text that has a short form. `pack` takes it from where the source is, all of it or nothing, and only
 * where `unpack` gives back the very same characters.
 */
export type Part = { readonly pack: (to: Packing) => boolean; readonly unpack: (from: Unpacking) => string }

const quote = 34

/** 64 hexadecimal digits as a JSON string. */
export const digest: Part = {
  pack: (to) => {
    const { source, at } = to
    const isOne =
      source.charCodeAt(at) === quote && source.charCodeAt(at + 65) === quote && putHex(to, source, at + 1, 32)
    if (isOne) to.at = at + 66
    return isOne
  },
  unpack: (from) => `"${takeHex(from, 32)}"`
}

/** The forms of a string that are shorter as bytes; from `plain` on it is the length of one that stays text. */
const [asDigest, asNamedDigest, asUuid, plain] = [0, 1, 2, 3]
const named = 'sha256:'

const shortString = (to: Packing, start: number, length: number): boolean => {
  const { source } = to
  const form =
    length === 64 ? asDigest : length === uuidLength ? asUuid : length === named.length + 64 ? asNamedDigest : plain
  if (form === plain || (form === asNamedDigest && !source.startsWith(named, start))) return false
  to.bytes[to.end++] = form
  const isPut = form === asUuid ? putUuid(to, source, start) : putHex(to, source, start + length - 64, 32)
  if (!isPut) to.end--
  return isPut
}

/** A JSON string, its escapes as they are. */
export const string: Part = {
  pack: (to) => {
    const { source, at } = to
    if (source.charCodeAt(at) !== quote) return false
    const end = stringEnd(source, at)
    if (end < 0) return false
    to.at = end + 1
    if (shortString(to, at + 1, end - at - 1)) return true
    putNumber(to, end - at - 1 + plain)
    to.texts += source.slice(at + 1, end)
    return true
  },
  unpack: (from) => {
    const form = takeNumber(from)
    if (form >= plain) return `"${takePiece(from, form - plain)}"`
    if (form === asUuid) return `"${takeUuid(from)}"`
    return form === asNamedDigest ? `"${named}${takeHex(from, 32)}"` : `"${takeHex(from, 32)}"`
  }
}

/** Any JSON, as it is. */
export const json: Part = {
  pack: (to) => {
    const { source, at } = to
    const end = valueEnd(source, at)
    if (end < 0) return false
    putText(to, source.slice(at, end))
    to.at = end
    return true
  },
  unpack: takeText
}

/** The record id that the stream is named for. */
export const ownRecordId: Part = {
  pack: (to) => {
    const isOne = to.own !== '' && to.source.startsWith(to.own, to.at)
    if (isOne) to.at += to.own.length
    return isOne
  },
  unpack: (from) => {
    if (from.own === '') from.isWrong = true
    return from.own
  }
}

/** One of a few strings. Their order is part of the format. */
export const oneOf = (...strings: ReadonlyArray<string>): Part => {
  const texts = strings.map((one) => `"${one}"`)
  return {
    pack: (to) => {
      const index = texts.findIndex((text) => to.source.startsWith(text, to.at))
      if (index < 0) return false
      to.at += texts[index]?.length ?? 0
      to.bytes[to.end++] = index
      return true
    },
    unpack: (from) => {
      const text = texts[takeByte(from)]
      if (text === undefined) from.isWrong = true
      return text ?? ''
    }
  }
}
