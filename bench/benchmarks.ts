import { eventLoop } from './event-loop.ts'
import { eventstoredb } from './eventstoredb.ts'
import { fold } from './fold.ts'
import { guess } from './guess.ts'
import type { Benchmark } from './harness/figure.ts'
import { importing } from './importing.ts'
import { nullStore } from './null-store.ts'
import { oneCaller } from './one-caller.ts'
import { peers } from './peers.ts'
import { projecting } from './projections.ts'
import { replaying } from './replay.ts'
import { schema1 } from './schema-1.ts'
import { sqliteCycles } from './sqlite-cycles.ts'
import { sqliteGrowth } from './sqlite-growth.ts'
import { sqliteKeys } from './sqlite-keys.ts'
import { starting } from './start.ts'

/** In the order of the page. What measures our own processor time comes first, while nothing else was compiled. */
export const benchmarks: ReadonlyArray<Benchmark> = [
  nullStore,
  sqliteCycles,
  schema1,
  peers,
  oneCaller,
  eventLoop,
  sqliteGrowth,
  sqliteKeys,
  fold,
  replaying,
  projecting,
  importing,
  starting,
  eventstoredb,
  guess
]
