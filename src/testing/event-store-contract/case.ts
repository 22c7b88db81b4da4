import type { World } from './world.ts'

/** One case of the contract: what it says of a store, and how that is seen. It throws where it does not hold. */
export type Case = readonly [says: string, run: (world: World) => Promise<void>]
