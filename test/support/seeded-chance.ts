import type { Random } from '../../src/application/ports/random.ts'

/** Chance that is the same in every run: ids that count up, and fractions from a small generator (mulberry32). */
export const seededChance = (seed = 1): Random => {
  let made = 0
  let state = seed
  return {
    uuid: () => `${seed.toString(16).padStart(8, '0')}-0000-4000-8000-${(++made).toString(16).padStart(12, '0')}`,
    fraction: () => {
      state = (state + 0x6d2b79f5) | 0
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
    }
  }
}
