import type { Projection } from '../projection.ts'
import { keyIndex } from './key-index.ts'

/** The read models that keyfold ships, by name: what `keyfold projections` knows. */
export const shipped: ReadonlyMap<string, Projection<unknown>> = new Map<string, Projection<unknown>>([
  [keyIndex.name, keyIndex]
])
