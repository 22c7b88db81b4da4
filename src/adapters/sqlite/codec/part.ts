import { stringEnd, valueEnd } from './json-end.ts'
import { type Packing, putHex, putNumber, putText, putUuid, uuidLength } from './packing.ts'
import { takeByte, takeHex, takeNumber, takePiece, takeText, takeUuid, type Unpacking } from './unpacking.ts'

/**
 * A part of a JSON text that has a short form. `pack` takes it from where the source is, all of it or nothing, and only
 * where `unpack` gives back the very same characters.
 */
export type Part = { readonly pack: (to: Packing) => boolean; readonly unpack: (from: Unpacking) => string }

const [zero, nine, quote] = [48, 57, 34]

/** A whole number as JSON writes it, or -1: no sign, no fraction, no exponent, no zero before it, and a safe one. */
const wholeNumber = (to: Packing): number => {
  const { source, at: start } = to
  let value = 0
  let at = start
  for (; at - start < 17; at++) {
    const code = source.charCodeAt(at)
    if (!(code >= zero && code <= nine)) break
    value = value * 10 + (code - zero)
  }
  const isOne = at > start && (source.charCodeAt(start) !== zero || at === start + 1) && Number.isSafeInteger(value)
  if (!isOne) return -1
  to.at = at
  return value
}

export const count: Part = {
  pack: (to) => {
    const value = wholeNumber(to)
    if (value >= 0) putNumber(to, value)
    return value >= 0
  },
  unpack: (from) => String(takeNumber(from))
}

/** Times of one event lie close together: the first as it is, the others by how much later or earlier they are. */
const farthest = 2 ** 51

export const firstTime: Part = {
  pack: (to) => {
    to.time = wholeNumber(to)
    if (to.time >= 0) putNumber(to, to.time)
    return to.time >= 0
  },
  unpack: (from) => {
    from.time = takeNumber(from)
    return String(from.time)
  }
}

export const time: Part = {
  pack: (to) => {
    const value = wholeNumber(to)
    const later = value - to.time
    if (value < 0 || Math.abs(later) > farthest) return false
    putNumber(to, later >= 0 ? 2 * later : -2 * later - 1)
    return true
  },
  unpack: (from) => {
    const put = takeNumber(from)
    return String(from.time + (put % 2 === 0 ? put / 2 : -(put + 1) / 2))
  }
}

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
