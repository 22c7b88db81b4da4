import type { Refusal } from '../exact-json/refusal.ts'
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

type Pieces = Generator<Piece | WantsMore, void>

const [open, close, colon, comma, quote] = [0x7b, 0x7d, 0x3a, 0x2c, 0x22]

const unexpected = (hand: BytesAtHand, path: string): Refusal => {
  const what = hand.at < hand.end ? 'unexpected text' : 'the file ends'
  return notJson(`${what} at byte ${hand.before + hand.at}`, path)
}

const nameOf = (text: string, path: string): string => {
  const { value } = readPart(text, { path })
  return typeof value === 'string' ? value : ''
}

function* members(hand: BytesAtHand, of: 'file' | 'records', path: string): Pieces {
  hand.at++
  let next = yield* significant(hand)
  if (next === close) {
    hand.at++
    return
  }
  for (;;) {
    if (next !== quote) throw unexpected(hand, path)
    const name = nameOf(yield* extent(hand), path)
    if ((yield* significant(hand)) !== colon) throw unexpected(hand, path)
    hand.at++
    const first = yield* significant(hand)
    if (of === 'file' && name === 'records' && first === open) {
      yield { _tag: 'Records' }
      yield* members(hand, 'records', `${path}.records`)
    } else yield { _tag: 'Member', of, name, text: yield* extent(hand) }
    next = yield* significant(hand)
    if (next === close) break
    if (next !== comma) throw unexpected(hand, path)
    hand.at++
    next = yield* significant(hand)
  }
  hand.at++
}

/**
 * Splits the file's one value into members, so that no more than one of them is held as text at a time. What is
 * between them is read here as strictly as JSON has it; the members are for the exact reader.
 */
export function* piecesOf(hand: BytesAtHand): Pieces {
  if ((yield* significant(hand)) === open) yield* members(hand, 'file', '$')
  else yield { _tag: 'Other', text: yield* extent(hand) }
  if ((yield* significant(hand)) !== undefined) throw unexpected(hand, '$')
}
