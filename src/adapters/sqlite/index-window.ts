import type { Connection } from './connection.ts'
import { revisionIndex } from './file-schema.ts'

/** How many positions are looked up at once. */
const span = 100_000

/** Where a position stands among others, or would. */
const placeOf = (positions: Float64Array, position: number): number => {
  let [low, high] = [0, positions.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((positions[middle] ?? 0) < position) low = middle + 1
    else high = middle
  }
  return low
}

/**
 * The positions after one and up to another of which the index of revisions knows. The index is not in their order and has
 * to be read as a whole, so it is asked for many pages at once; what was written or removed since may be missing or too
 * much.
 */
export const indexWindow = (connection: Connection): ((from: number, upTo: number) => Float64Array) => {
  const indexed = connection.prepare(
    `SELECT position FROM events INDEXED BY ${revisionIndex} WHERE position > ? AND position <= ?`
  )
  let window = { from: 0, upTo: 0, positions: new Float64Array() }
  return (from, upTo) => {
    if (from < window.from || upTo > window.upTo) {
      const end = Math.max(upTo, from + span)
      const positions = Float64Array.from(indexed.rows([from, end]), ([position]) => Number(position)).sort()
      window = { from, upTo: end, positions }
    }
    const { positions } = window
    return positions.subarray(placeOf(positions, from + 1), placeOf(positions, upTo + 1))
  }
}
