import type { IO } from 'fp-ts/IO'
import type { Outcome } from '../../domain/outcome.ts'
import type { FoldedStream } from './folded-stream.ts'
import { freezeAnswered } from './frozen.ts'
import { recent } from './recent.ts'
import { foldBytes, jsonBytes, outcomeIn } from './weight.ts'

/** Folds at hand. One counts only where an append validates it, or after a fresh read (SPEC section 6). */
export type FoldCache = {
  readonly get: (stream: string) => FoldedStream | undefined
  readonly set: (stream: string, folded: FoldedStream) => void
  readonly drop: (stream: string) => void
}

/** A fold, with the outcome of its record and what that weighs. */
type Entry = { readonly folded: FoldedStream; readonly outcome: Outcome | undefined; readonly outcomeBytes: number }

const maxBytes = 32 * 1024 * 1024

const entryOf = (folded: FoldedStream, before: IO<Entry | undefined>): Entry => {
  const outcome = outcomeIn(folded)
  if (outcome === undefined) return { folded, outcome, outcomeBytes: 0 }
  // it stays the same object while its record changes, and is weighed once, however large
  const there = before()
  const outcomeBytes = outcome === there?.outcome ? there.outcomeBytes : jsonBytes(outcome)
  return { folded, outcome, outcomeBytes }
}

/**
 * A cache of folds, bounded by what they weigh. The records in it are frozen: answers share them, and
 * nobody may change them from outside.
 */
export const foldCache = (): FoldCache => {
  const cache = recent<Entry>(maxBytes)
  return {
    get: (stream) => cache.get(stream)?.folded,
    set: (stream, folded) => {
      freezeAnswered(folded.state)
      const entry = entryOf(folded, () => cache.get(stream))
      cache.set(stream, entry, foldBytes(folded, stream) + entry.outcomeBytes)
    },
    drop: cache.drop
  }
}
