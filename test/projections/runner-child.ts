import { createInterface } from 'node:readline'
import type { EventStore } from '../../src/application/ports/event-store.ts'
import { createProjections, openSqliteViews } from '../../src/projections.ts'
import { openSqliteStore } from '../../src/sqlite.ts'
import { say } from '../process/say.ts'
import { countsByType, countsOfKeys } from './three-projections.ts'
import { writeKeys } from './write-keys.ts'

/** What it is to do, and where. */
export type RunnerTask = {
  readonly how: 'run' | 'inline'
  readonly store: string
  readonly views: string
  readonly partitions: number
  readonly batchSize: number
  /** Inline: the keys that it writes, by number. */
  readonly keys: readonly [from: number, to: number]
}

/** What it says: that it waits for its task; where a partition is, after each batch; and how many keys it has written. */
export type RunnerSaid =
  | { readonly _tag: 'Ready' }
  | { readonly _tag: 'Checkpoint'; readonly partition: number; readonly events: number }
  | { readonly _tag: 'Written'; readonly keys: number }

const told = (said: RunnerSaid): void => say(said)

/** The client takes its time to load, and is loaded before the task comes. */
const server = process.argv[2] === '"server"' ? await import('../../src/eventstoredb.ts') : undefined

const open = (address: string): Promise<EventStore> =>
  server === undefined
    ? openSqliteStore({ file: address })
    : server.openEventStoreDbStore({ connectionString: address })

/** Feeds two views from where they stand. */
const run = async ({ store: address, views: file, partitions, batchSize }: RunnerTask): Promise<void> => {
  const [store, views] = await Promise.all([open(address), openSqliteViews({ file })])
  const projections = createProjections({ store, views, leaseMs: 100 })
  const options = {
    partitions,
    batchSize,
    onCheckpoint: (partition: number, { events }: { readonly events: number }) =>
      told({ _tag: 'Checkpoint', partition, events })
  }
  const runners = [projections.run(countsOfKeys, options), projections.run(countsByType, options)]
  await Promise.all(runners.map(({ ended }) => ended()))
}

/** Writes keys, with two views in each append. */
const writeInline = async ({ store: file, keys: [from, to] }: RunnerTask): Promise<void> => {
  const store = await openSqliteStore({ file, inline: [countsOfKeys, countsByType] })
  let written = 0
  await writeKeys(store, from, to, () => told({ _tag: 'Written', keys: ++written }))
  await store.dispose()
}

// Run as a process of its own: waits for its task, so that it is at hand when the one before it is killed at its work.
createInterface({ input: process.stdin }).once('line', (line) => {
  const task: RunnerTask = JSON.parse(line)
  void (task.how === 'run' ? run(task) : writeInline(task).then(() => process.exit(0)))
})
told({ _tag: 'Ready' })
