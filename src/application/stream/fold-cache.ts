import type { Outcome } from '../../domain/outcome.ts'
import type { FoldedStream } from './folded-stream.ts'
import { freezeAnswered } from './frozen.ts'
import { generations } from './generations.ts'
import { foldBytes, jsonBytes, outcomeIn } from './weight.ts'

/** Folds at hand. One counts only where an append validates it, or after a fresh read (SPEC section 6). */
export type FoldCache = {
  readonly get: (stream: string) => FoldedStream | undefined
  readonly set: (stream: string, folded: FoldedStream) => void
  readonly drop: (stream: string) => void
}

/** A fold and what it weighs, in one object: there are many of them, and garbage collection copies each of them twice. */
type Entry = FoldedStream & { readonly outcomeBytes: number; readonly bytes: number }

const maxBytes = 32 * 1024 * 1024

/** An outcome stays the same object while its record changes, and is weighed once, however large. */
const weighed = (outcome: Outcome, there: Entry | undefined): number =>
  there !== undefined && outcome === outcomeIn(there) ? there.outcomeBytes : jsonBytes(outcome)

/**
 * A cache of folds, bounded by what they weigh. The records in it are frozen: answers share them, and nobody may change
 * them from outside.
 */
export const foldCache = (): FoldCache => {
  const cache = generations<Entry>(maxBytes, ({ bytes }) => bytes)
  return {
    get: cache.get,
    set: (stream, folded) => {
      freezeAnswered(folded.state)
      const { state, actual, lastHash, foldStart } = folded
      const outcome = outcomeIn(folded)
      const outcomeBytes = outcome === undefined ? 0 : weighed(outcome, cache.get(stream))
      const bytes = foldBytes(folded, stream) + outcomeBytes
      cache.set(stream, { state, actual, lastHash, foldStart, outcomeBytes, bytes })
    },
    drop: cache.drop
  }
}
