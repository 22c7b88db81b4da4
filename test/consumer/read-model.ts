// A read model of one's own, from the toolkit's types to its answers; and a subscription.
import { createLedger } from 'keyfold'
import { openMemoryStore } from 'keyfold/memory'
import { createProjections, openMemoryViews, type Projection } from 'keyfold/projections'

type Counts = { readonly seen: number }

const counts: Projection<Counts> = {
  name: 'counts',
  version: 1,
  initialState: { seen: 0 },
  rowOf: ({ type }) => type,
  evolve: ({ seen }) => ({ seen: seen + 1 })
}

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
  await runner.stop()
  await projections.dispose()
  await ledger.dispose()
  await store.dispose()
  await views.dispose()
  return [isThere, row, heard]
}
