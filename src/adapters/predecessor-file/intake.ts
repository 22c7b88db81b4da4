import * as E from 'fp-ts/Either'
import type { Failure } from '../../domain/failure.ts'
import type { Sha256 } from '../../domain/hash-parts.ts'
import type { Parsed } from '../../domain/parsing/parsed.ts'
import type { IdempotencyRecord } from '../../domain/record.ts'
import { blankness } from './blankness.ts'
import { addChunk, keepOwn, nothingAtHand } from './bytes-at-hand.ts'
import { collection } from './collect.ts'
import { piecesOf } from './members.ts'

/** Takes the file in, chunk by chunk; each step of `take` is a moment in which others could have their turn. */
export type Intake = {
  readonly take: (chunk: Uint8Array) => Generator<void, void>
  /** Why the file is refused, whatever is still to come of it. */
  readonly refused: () => Failure | undefined
  readonly end: () => Parsed<ReadonlyArray<IdempotencyRecord>>
}

/** The way of bytes to records. */
export const intake = (sha256: Sha256): Intake => {
  const hand = nothingAtHand()
  const pieces = piecesOf(hand)
  const found = collection(sha256)
  const blank = blankness()
  let mayBeBlank = true
  /** Why the bytes so far are no JSON: blank they may be all the same. */
  let fault: Failure | undefined

  /** Adds every piece that the bytes at hand complete. */
  function* advance(): Generator<void, void> {
    while (fault === undefined) {
      const { done, value } = pieces.next()
      fault = done === true ? value : value && found.add(value)
      if (done === true || value === undefined) return
      yield
    }
  }

  return {
    *take(chunk) {
      mayBeBlank &&= blank.add(chunk)
      if (fault !== undefined) return
      addChunk(hand, chunk)
      yield* advance()
      keepOwn(hand)
    },
    refused: () => (mayBeBlank ? undefined : fault),
    end: () => {
      if (mayBeBlank && blank.isBlank()) return E.right([])
      hand.over = true
      for (const _ of advance());
      return fault === undefined ? found.records() : E.left(fault)
    }
  }
}
