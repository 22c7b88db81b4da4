import { constants } from 'node:buffer'
import * as E from 'fp-ts/Either'
import type { Parsed } from '../../domain/parsing/parsed.ts'
import type { BytesAtHand } from './bytes-at-hand.ts'
import { notUtf8, refusal } from './refusals.ts'

/** What a reader of the stream yields where it wants more bytes, or the end. */
export type WantsMore = undefined

const quote = 0x22
const backslash = 0x5c

const isSpace = (byte: number | undefined): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09

const opens = (byte: number | undefined): boolean => byte === 0x7b || byte === 0x5b
const closes = (byte: number | undefined): boolean => byte === 0x7d || byte === 0x5d

const endsScalar = (byte: number | undefined): boolean =>
  byte === 0x2c || byte === 0x3a || byte === quote || isSpace(byte) || opens(byte) || closes(byte)

/** The next byte that is no white space; undefined at the end of the file. */
export function* significant(hand: BytesAtHand): Generator<WantsMore, number | undefined> {
  for (;;) {
    while (hand.at < hand.end) {
      const byte = hand.bytes[hand.at]
      if (!isSpace(byte)) return byte
      hand.at++
    }
    hand.from = hand.at
    if (hand.over) return undefined
    yield undefined
  }
}

/** Moves past the end of a string; false where it goes on beyond the bytes at hand. */
const pastString = (hand: BytesAtHand): boolean => {
  const { bytes, end } = hand
  let { at } = hand
  while (at < end) {
    const byte = bytes[at]
    if (byte === quote) {
      hand.at = at + 1
      return true
    }
    // an escape is stepped over whole, even where what is escaped is yet to come
    at += byte === backslash ? 2 : 1
  }
  hand.at = at
  return false
}

/**
 * The text of the value that starts where the reader stands. Only its extent is found here, by counting brackets and
 * stepping over strings; whether it is JSON is for the exact reader to say, which is handed every byte of it.
 */
export function* extent(hand: BytesAtHand): Generator<WantsMore, Parsed<string>> {
  hand.from = hand.at
  let depth = 0
  let inString = false
  let scalar = false
  for (;;) {
    while (hand.at < hand.end) {
      if (inString) {
        if (!pastString(hand)) break
        inString = false
        if (depth === 0) return take(hand)
        continue
      }
      const byte = hand.bytes[hand.at]
      if (scalar || (depth === 0 && byte !== quote && !opens(byte))) {
        if (endsScalar(byte)) return take(hand)
        scalar = true
      } else if (byte === quote) inString = true
      else if (opens(byte)) depth++
      else if (closes(byte) && --depth === 0) {
        hand.at++
        return take(hand)
      }
      hand.at++
    }
    if (hand.over) return take(hand)
    // what no text can hold is not gathered until its end
    if (isTooLong(hand)) return E.left(tooLong)
    yield undefined
  }
}

const isTooLong = ({ at, from }: BytesAtHand): boolean => at - from > constants.MAX_STRING_LENGTH

const tooLong = refusal(`a value of the file is longer than ${constants.MAX_STRING_LENGTH} bytes`)

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

const take = (hand: BytesAtHand): Parsed<string> => {
  const { bytes, from, end } = hand
  // an escape at the very end of the file may have been stepped over beyond it
  hand.at = Math.min(hand.at, end)
  if (isTooLong(hand)) return E.left(tooLong)
  hand.from = hand.at
  try {
    return E.right(utf8.decode(bytes.subarray(from, hand.at)))
  } catch {
    return E.left(notUtf8)
  }
}
