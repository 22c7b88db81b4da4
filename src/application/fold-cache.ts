import { LRUCache } from 'lru-cache'
import type { Outcome } from '../domain/outcome.ts'
import { recordOf } from '../domain/state.ts'
import type { Loaded } from './loaded.ts'

/** Folds at hand. One counts only where an append validates it, or after a fresh read (SPEC section 6). */
export type FoldCache = {
  readonly get: (stream: string) => Loaded | undefined
  readonly set: (stream: string, loaded: Loaded) => void
  readonly drop: (stream: string) => void
}

const maxChars = 32 * 1024 * 1024
const withoutOutcome = 2048

/** An outcome stays the same object while its record changes: it is measured once, however large. */
const outcomeSizes = new WeakMap<Outcome, number>()

const sizeOfOutcome = (outcome: Outcome): number => {
  const size = outcomeSizes.get(outcome) ?? JSON.stringify(outcome).length
  outcomeSizes.set(outcome, size)
  return size
}

/** About how much memory a fold holds; only an outcome and a long list of conflicts make a difference. */
const sizeOf = ({ state }: Loaded): number => {
  const record = recordOf(state) ?? (state._tag === 'Vacant' ? state.ended?.record : undefined)
  if (record === undefined) return withoutOutcome
  const conflicts = record.conflictFingerprints.reduce((sum, fingerprint) => sum + fingerprint.length, 0)
  return withoutOutcome + conflicts + (record.outcome === undefined ? 0 : sizeOfOutcome(record.outcome))
}

const deepFreeze = (value: unknown): void => {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return
  Object.freeze(value)
  // plain objects and arrays only: a key of theirs is their own
  for (const key in value) deepFreeze(value[key as keyof typeof value])
}

/** A bounded cache of folds. What it holds is frozen: answers share it, and nobody may change it from outside. */
export const foldCache = (): FoldCache => {
  const cache = new LRUCache<string, Loaded>({ maxSize: maxChars, sizeCalculation: sizeOf })
  return {
    get: (stream) => cache.get(stream),
    set: (stream, loaded) => {
      deepFreeze(loaded.state)
      cache.set(stream, loaded)
    },
    drop: (stream) => {
      cache.delete(stream)
    }
  }
}
