import type { Sha256 } from '../../domain/hash-parts.ts'
import type { IdempotencyRecord } from '../../domain/record.ts'
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
  let held: Array<Uint8Array> = []

  /** Adds every piece that the bytes at hand complete. */
  function* advance(): Generator<void, void> {
    for (;;) {
      const next = pieces.next()
      if (next.done === true || next.value === undefined) return
      found.add(next.value)
      yield
    }
  }

  return {
    *take(chunk) {
      mayBeBlank &&= blank.add(chunk)
      held.push(chunk)
      if (mayBeBlank) return
      for (const one of held) {
        addChunk(hand, one)
        yield* advance()
      }
      held = []
    },
    end: () => {
      if (mayBeBlank && blank.isBlank()) return []
      hand.over = true
      for (const chunk of held) addChunk(hand, chunk)
      for (const _ of advance());
      return found.records()
    }
  }
}
