// A read model of one's own, from the toolkit's types to its answers; and a subscription.
import { createLedger } from 'keyfold'
import { openMemoryStore } from 'keyfold/memory'
import {
  createProjections,
  dueKeys,
  eventRates,
  type IndexedKey,
  keyConflicts,
  keyIndex,
  keyTimes,
  lateDuplicates,
  openMemoryViews,
  type Projection,
  type ReadModel,
  stuckKeys,
  type ViewMoment
} from 'keyfold/projections'

type Counts = { readonly seen: number }

const counts: Projection<Counts> = {
  name: 'counts',
  version: 1,
  initialState: { seen: 0 },
  rowOf: ({ type }) => type,
  evolve: ({ seen }) => ({ seen: seen + 1 })
}

/** What ships, asked by its types. */
const ask = async (projections: ReturnType<typeof createProjections>): Promise<ReadonlyArray<number>> => {
  const models: ReadonlyArray<Pick<ReadModel<never, unknown>, 'name'>> = [keyIndex, lateDuplicates]
  await projections.rebuild(keyIndex)
  const page = await projections.queries(keyIndex).page({ status: 'reserved', keyHas: 'k', limit: 10 })
  const keys: ReadonlyArray<IndexedKey> = page.answer.keys
  const moment: ViewMoment = page.moment
  await projections.rebuild(stuckKeys)
  const stuck = await projections.queries(stuckKeys).stuck({ nowMs: Date.now() + 60_000 })
  await projections.rebuild(eventRates)
  const rates = await projections.queries(eventRates).rates({ bucketMs: 60_000 })
  return [models.length, keys.length, moment.behind.events, stuck.answer.length, rates.answer.events]
}

export const others = [dueKeys, keyConflicts, keyTimes] as const

export const run = async (): Promise<unknown> => {
  const store = await openMemoryStore()
  const views = await openMemoryViews()
  const ledger = createLedger({ store })
  const projections = createProjections({ store, views })
  const tenant = { orgId: 'acme', workspaceId: 'shop' }
  const asked = { tenant, operation: 'op', key: 'k', owner: 'me', requestFingerprint: 'f' }
  await ledger.reserve({ ...asked, lease: 1000 })
  const runner = projections.run(counts)
  const isThere = await projections.waitUntil('counts', 'end')
  const row: Counts | undefined = await projections.view(counts).get('Reserved')
  const heard: Array<string> = []
  for await (const message of ledger.subscribe({ tenant, eventTypes: ['Reserved'] })) {
    if (message._tag === 'CaughtUp') break
    if (message._tag === 'Event') heard.push(`${message.entry.type} ${message.identity?.operation}`)
  }
  const shipped = await ask(projections)
  await runner.stop()
  await projections.dispose()
  await ledger.dispose()
  await store.dispose()
  await views.dispose()
  return [isThere, row, heard, shipped]
}
