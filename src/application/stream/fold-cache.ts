import type { IO } from 'fp-ts/IO'
import type { Outcome } from '../../domain/outcome.ts'
import type { FoldedStream } from './folded-stream.ts'
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

const deepFreeze = (value: object): void => {
  if (Object.isFrozen(value)) return
  Object.freeze(value)
  // plain objects and arrays only: a key of theirs is their own. Most of what they hold is no object, and needs no call
  for (const key in value) {
    const member: unknown = value[key as keyof typeof value]
    if (typeof member === 'object' && member !== null) deepFreeze(member)
  }
}

/** A cache of folds, bounded by what they weigh. What it holds is frozen: answers share it, and nobody may change it from outside. */
export const foldCache = (): FoldCache => {
  const cache = recent<Entry>(maxBytes)
  return {
    get: (stream) => cache.get(stream)?.folded,
    set: (stream, folded) => {
      deepFreeze(folded.state)
      const entry = entryOf(folded, () => cache.get(stream))
      cache.set(stream, entry, foldBytes(folded, stream) + entry.outcomeBytes)
    },
    drop: cache.drop
  }
}
