import { LRUCache } from 'lru-cache'
import type { Outcome } from '../../domain/outcome.ts'
import type { FoldedStream } from './folded-stream.ts'
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

/** Hardly a fold weighs less. */
const smallest = 2048

const entryOf = (folded: FoldedStream, before: Entry | undefined): Entry => {
  const outcome = outcomeIn(folded)
  if (outcome === undefined) return { folded, outcome, outcomeBytes: 0 }
  // it stays the same object while its record changes, and is weighed once, however large
  const outcomeBytes = outcome === before?.outcome ? before.outcomeBytes : jsonBytes(outcome)
  return { folded, outcome, outcomeBytes }
}

const deepFreeze = (value: unknown): void => {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return
  Object.freeze(value)
  // plain objects and arrays only: a key of theirs is their own
  for (const key in value) deepFreeze(value[key as keyof typeof value])
}

/** A cache of folds, bounded by what they weigh. What it holds is frozen: answers share it, and nobody may change it from outside. */
export const foldCache = (): FoldCache => {
  const cache = new LRUCache<string, Entry>({
    // no more fit in anyway; told how many, the cache makes room for them once
    max: maxBytes / smallest,
    maxSize: maxBytes,
    sizeCalculation: ({ folded, outcomeBytes }, stream) => foldBytes(folded, stream) + outcomeBytes
  })
  return {
    get: (stream) => cache.get(stream)?.folded,
    set: (stream, folded) => {
      deepFreeze(folded.state)
      cache.set(stream, entryOf(folded, cache.peek(stream)))
    },
    drop: (stream) => {
      cache.delete(stream)
    }
  }
}
