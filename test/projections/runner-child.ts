import { openEventStoreDbStore } from '../../src/eventstoredb.ts'
import { createProjections, openSqliteViews } from '../../src/projections.ts'
import { openSqliteStore } from '../../src/sqlite.ts'
import { say } from '../process/say.ts'
import { countsByType, countsOfKeys } from './three-projections.ts'

/** What a runner says: where it is, after each batch. */
export type RunnerSaid = { readonly partition: number; readonly events: number }

// Run as a process of its own: feeds two views from where they stand, and is killed at its work.
const {
  store: address,
  views: file,
  partitions,
  batchSize
}: {
  readonly store: string
  readonly views: string
  readonly partitions: number
  readonly batchSize: number
} = JSON.parse(process.argv[2] ?? '')
const store = await (address.startsWith('esdb://')
  ? openEventStoreDbStore({ connectionString: address })
  : openSqliteStore({ file: address }))
const views = await openSqliteViews({ file })
const projections = createProjections({ store, views, leaseMs: 200 })
const options = {
  partitions,
  batchSize,
  onCheckpoint: (partition: number, { events }: { readonly events: number }) =>
    say({ partition, events } satisfies RunnerSaid)
}
const runners = [projections.run(countsOfKeys, options), projections.run(countsByType, options)]
await Promise.all(runners.map(({ ended }) => ended()))
