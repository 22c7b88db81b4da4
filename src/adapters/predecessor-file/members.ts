import * as E from 'fp-ts/Either'
import type { Failure } from '../../domain/failure.ts'
import type { Parsed } from '../../domain/parsing/parsed.ts'
import type { BytesAtHand } from './bytes-at-hand.ts'
import { extent, significant, type WantsMore } from './extent.ts'
import { notJson, readPart } from './refusals.ts'

/** A piece of the file, in the order in which they stand in it. */
export type Piece =
  /** A member of the file's object, or of the object `records` in it, its value still as text. */
  | { readonly _tag: 'Member'; readonly of: 'file' | 'records'; readonly name: string; readonly text: string }
  /** An object `records` begins; its members follow. */
  | { readonly _tag: 'Records' }
  /** The file is no object but this. */
  | { readonly _tag: 'Other'; readonly text: string }

/** Returns why the file is refused, where it is. */
export type Pieces = Generator<Piece | WantsMore, Failure | undefined>

const [open, close, colon, comma, quote] = [0x7b, 0x7d, 0x3a, 0x2c, 0x22]

const unexpected = (hand: BytesAtHand, path: string): Failure => {
  const what = hand.at < hand.end ? 'unexpected text' : 'the file ends'
  return notJson(`${what} at byte ${hand.before + hand.at}`, path)
}

const nameOf = (text: Parsed<string>, path: string): Parsed<string> => {
  if (E.isLeft(text)) return text
  const name = readPart(text.right, { path })
  if (E.isLeft(name)) return name
  return E.right(typeof name.right.value === 'string' ? name.right.value : '')
}

function* members(hand: BytesAtHand, of: 'file' | 'records', path: string): Pieces {
  hand.at++
  let next = yield* significant(hand)
  if (next === close) {
    hand.at++
    return undefined
  }
  for (;;) {
    if (next !== quote) return unexpected(hand, path)
    const name = nameOf(yield* extent(hand), path)
    if (E.isLeft(name)) return name.left
    if ((yield* significant(hand)) !== colon) return unexpected(hand, path)
    hand.at++
    const first = yield* significant(hand)
    if (of === 'file' && name.right === 'records' && first === open) {
      yield { _tag: 'Records' }
      const fault = yield* members(hand, 'records', `${path}.records`)
      if (fault !== undefined) return fault
    } else {
      const text = yield* extent(hand)
      if (E.isLeft(text)) return text.left
      yield { _tag: 'Member', of, name: name.right, text: text.right }
    }
    next = yield* significant(hand)
    if (next === close) break
    if (next !== comma) return unexpected(hand, path)
    hand.at++
    next = yield* significant(hand)
  }
  hand.at++
  return undefined
}

/**
 * Splits the file's one value into members, so that no more than one of them is held as text at a time. What is
 * between them is read here as strictly as JSON has it; the members are for the exact reader.
 */
export function* piecesOf(hand: BytesAtHand): Pieces {
  if ((yield* significant(hand)) === open) {
    const fault = yield* members(hand, 'file', '$')
    if (fault !== undefined) return fault
  } else {
    const text = yield* extent(hand)
    if (E.isLeft(text)) return text.left
    yield { _tag: 'Other', text: text.right }
  }
  return (yield* significant(hand)) === undefined ? undefined : unexpected(hand, '$')
}
