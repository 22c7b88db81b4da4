// A view that is kept within the appends of its store, by whoever knows its type.
import { createLedger } from 'keyfold'
import { openMemoryStore } from 'keyfold/memory'
import { createProjections, openSqliteViews, type Projection } from 'keyfold/projections'
import { openSqliteStore } from 'keyfold/sqlite'

type Counts = { readonly seen: number }

const counts: Projection<Counts> = {
  name: 'counts',
  version: 1,
  initialState: { seen: 0 },
  rowOf: ({ type }) => type,
  evolve: ({ seen }) => ({ seen: seen + 1 })
}

export const run = async (folder: string): Promise<unknown> => {
  const file = `${folder}/inline.db`
  const store = await openSqliteStore({ file, inline: [counts], inlineCategory: 'payments' })
  const views = await openSqliteViews({ file })
  const ledger = createLedger({ store, category: 'payments' })
  const projections = createProjections({ store, views, category: 'payments' })
  const tenant = { orgId: 'acme', workspaceId: 'shop' }
  await ledger.reserve({ tenant, operation: 'op', key: 'k', owner: 'me', requestFingerprint: 'f', lease: 1000 })
  const row: Counts | undefined = await projections.view(counts).get('Reserved')
  await projections.dispose()
  await ledger.dispose()
  await views.dispose()
  await store.dispose()
  // @ts-expect-error only in a SQLite file are views and events one transaction
  const refused = await openMemoryStore({ inline: [counts] }).catch(() => 'refused')
  // @ts-expect-error a name is no projection
  const wrong = await openSqliteStore({ file, inline: ['counts'] }).catch(() => 'refused')
  return [row, refused, wrong]
}
