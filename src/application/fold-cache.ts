import { LRUCache } from 'lru-cache'
import type { Outcome } from '../domain/outcome.ts'
import type { Loaded } from './loaded.ts'

/** Folds at hand. One counts only where an append validates it, or after a fresh read (SPEC section 6). */
export type FoldCache = {
  readonly get: (stream: string) => Loaded | undefined
  readonly set: (stream: string, loaded: Loaded) => void
  readonly drop: (stream: string) => void
}

/** A fold, with the outcome of its record and the length of that as JSON. */
type Entry = { readonly loaded: Loaded; readonly outcome: Outcome | undefined; readonly outcomeChars: number }

const maxChars = 32 * 1024 * 1024
const withoutOutcome = 2048

const entryOf = (loaded: Loaded, before: Entry | undefined): Entry => {
  const { state } = loaded
  const outcome = (state._tag === 'Held' ? state.record : state.ended?.record)?.outcome
  if (outcome === undefined) return { loaded, outcome, outcomeChars: 0 }
  // it stays the same object while its record changes, and is measured once, however large
  const outcomeChars = outcome === before?.outcome ? before.outcomeChars : JSON.stringify(outcome).length
  return { loaded, outcome, outcomeChars }
}

/** About how much memory a fold holds; only an outcome and a long list of conflicts make a difference. */
const sizeOf = ({ loaded: { state }, outcomeChars }: Entry): number => {
  const record = state._tag === 'Held' ? state.record : state.ended?.record
  const conflicts = record?.conflictFingerprints.reduce((sum, { length }) => sum + length, 0) ?? 0
  return withoutOutcome + conflicts + outcomeChars
}

const deepFreeze = (value: unknown): void => {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return
  Object.freeze(value)
  // plain objects and arrays only: a key of theirs is their own
  for (const key in value) deepFreeze(value[key as keyof typeof value])
}

/** A bounded cache of folds. What it holds is frozen: answers share it, and nobody may change it from outside. */
export const foldCache = (): FoldCache => {
  // no more fit in anyway; told how many, the cache makes room for them once
  const max = maxChars / withoutOutcome
  const cache = new LRUCache<string, Entry>({ max, maxSize: maxChars, sizeCalculation: sizeOf })
  return {
    get: (stream) => cache.get(stream)?.loaded,
    set: (stream, loaded) => {
      deepFreeze(loaded.state)
      cache.set(stream, entryOf(loaded, cache.peek(stream)))
    },
    drop: (stream) => {
      cache.delete(stream)
    }
  }
}
