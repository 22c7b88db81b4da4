import type { Projection } from '../projection.ts'
import { keyConflicts } from './conflicts.ts'
import { dueKeys } from './due-keys.ts'
import { eventRates } from './event-rates.ts'
import { keyIndex } from './key-index.ts'
import { keyTimes } from './key-times.ts'
import { lateDuplicates } from './late-duplicates.ts'
import { stuckKeys } from './stuck-keys.ts'

const all: ReadonlyArray<Projection<unknown>> = [
  keyIndex,
  dueKeys,
  stuckKeys,
  keyConflicts,
  eventRates,
  keyTimes,
  lateDuplicates
]

/** The read models that keyfold ships, by name: what `keyfold projections` knows. */
export const shipped: ReadonlyMap<string, Projection<unknown>> = new Map(all.map((one) => [one.name, one]))
