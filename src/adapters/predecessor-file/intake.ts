import type { Sha256 } from '../../domain/hash-parts.ts'
import type { IdempotencyRecord } from '../../domain/record.ts'
import { Refusal } from '../exact-json/refusal.ts'
import { blankness } from './blankness.ts'
import { addChunk, nothingAtHand } from './bytes-at-hand.ts'
import { collection } from './collect.ts'
import { piecesOf } from './members.ts'

/** Takes the file in, chunk by chunk; each step of `take` is a moment in which others could have their turn. */
export type Intake = {
  readonly take: (chunk: Uint8Array) => Generator<void, void>
  readonly end: () => ReadonlyArray<IdempotencyRecord>
}

/** The way of bytes to records; throws refusals. */
export const intake = (sha256: Sha256): Intake => {
  const hand = nothingAtHand()
  const pieces = piecesOf(hand)
  const found = collection(sha256)
  const blank = blankness()
  let mayBeBlank = true
  /** Why the bytes so far are no JSON: blank they may be all the same. */
  let refused: Refusal | undefined

  /** Adds the next piece; false where the bytes at hand complete none. */
  const addNext = (): boolean => {
    try {
      const { value } = pieces.next()
      if (value) found.add(value)
      return value !== undefined
    } catch (cause) {
      if (!mayBeBlank || !(cause instanceof Refusal)) throw cause
      refused = cause
      return false
    }
  }

  /** Adds every piece that the bytes at hand complete. */
  function* advance(): Generator<void, void> {
    while (refused === undefined && addNext()) yield
  }

  return {
    *take(chunk) {
      mayBeBlank &&= blank.add(chunk)
      if (refused === undefined) {
        addChunk(hand, chunk)
        yield* advance()
      }
      if (refused !== undefined && !mayBeBlank) throw refused
    },
    end: () => {
      if (mayBeBlank && blank.isBlank()) return []
      mayBeBlank = false
      if (refused !== undefined) throw refused
      hand.over = true
      for (const _ of advance());
      return found.records()
    }
  }
}
