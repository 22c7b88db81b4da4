import { stringEnd, valueEnd } from './json-end.ts'
import { goesOn, type Packing, putHex, putPiece, putUuid, uuidLength } from './packing.ts'
import { isNamedFor, recordIdIn, recordIdLength } from './stream-name.ts'
import {
  addByte,
  addBytes,
  addHex,
  addLetters,
  addPiece,
  addUuid,
  takeByte,
  takeNumber,
  type Unpacking
} from './unpacking.ts'

/**
 * A part of a JSON text that has a short form. `pack` takes it from where the source is, all of it or nothing, and only
 * where `unpack` gives back the very same characters.
 */
export type Part = { readonly pack: (to: Packing) => boolean; readonly unpack: (from: Unpacking) => void }

const quote = 34

/** 64 hexadecimal digits as a JSON string. */
export const digest: Part = {
  pack: (to) => {
    const { source, at } = to
    const isOne = source[at] === quote && source[at + 65] === quote && putHex(to, at + 1, 32)
    if (isOne) to.at = at + 66
    return isOne
  },
  unpack: (from) => {
    addByte(from, quote)
    addHex(from, 32)
    addByte(from, quote)
  }
}

/** The forms of a string that are shorter as bytes; from `plain` on it is the length of one that stays text. */
const [asDigest, asNamedDigest, asUuid, plain] = [0, 1, 2, 3]
const named = Buffer.from('sha256:')

const shortString = (to: Packing, start: number, length: number): boolean => {
  const { source } = to
  const form =
    length === 64 ? asDigest : length === uuidLength ? asUuid : length === named.length + 64 ? asNamedDigest : plain
  if (form === plain || (form === asNamedDigest && !goesOn(source, start, named))) return false
  to.bytes[to.end++] = form
  const isPut = form === asUuid ? putUuid(to, start) : putHex(to, start + length - 64, 32)
  if (!isPut) to.end--
  return isPut
}

/** A JSON string, its escapes as they are. */
export const string: Part = {
  pack: (to) => {
    const { source, at, sourceEnd } = to
    if (source[at] !== quote) return false
    const end = stringEnd(source, at, sourceEnd)
    if (end < 0) return false
    to.at = end + 1
    if (!shortString(to, at + 1, end - at - 1)) putPiece(to, at + 1, end, plain)
    return true
  },
  unpack: (from) => {
    const form = takeNumber(from)
    addByte(from, quote)
    if (form >= plain) addPiece(from, form - plain)
    else if (form === asUuid) addUuid(from)
    else {
      if (form === asNamedDigest) addBytes(from, named)
      addHex(from, 32)
    }
    addByte(from, quote)
  }
}

/** Any JSON, as it is. */
export const json: Part = {
  pack: (to) => {
    const { source, at, sourceEnd } = to
    const end = valueEnd(source, at, sourceEnd)
    if (end < 0) return false
    putPiece(to, at, end)
    to.at = end
    return true
  },
  unpack: (from) => addPiece(from, takeNumber(from))
}

/** The record id that the stream is named for. */
export const ownRecordId: Part = {
  pack: (to) => {
    const { source, at, stream } = to
    const end = at + recordIdLength + 1
    const isOne = source[at] === quote && source[end] === quote && isNamedFor(stream, source, at + 1)
    if (isOne) to.at = end + 1
    return isOne
  },
  unpack: (from) => {
    const id = recordIdIn(from.stream)
    if (id === '') from.isWrong = true
    addByte(from, quote)
    addLetters(from, id)
    addByte(from, quote)
  }
}

/** One of a few strings. Their order is part of the format. */
export const oneOf = (...strings: ReadonlyArray<string>): Part => {
  const texts = strings.map((one) => Buffer.from(`"${one}"`))
  return {
    pack: (to) => {
      const { source, at } = to
      const index = texts.findIndex((text) => goesOn(source, at, text))
      if (index < 0) return false
      to.at += texts[index]?.length ?? 0
      to.bytes[to.end++] = index
      return true
    },
    unpack: (from) => {
      const text = texts[takeByte(from)]
      if (text === undefined) from.isWrong = true
      else addBytes(from, text)
    }
  }
}
