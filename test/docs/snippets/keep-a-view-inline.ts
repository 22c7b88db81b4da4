import { createLedger } from 'keyfold'
import { createProjections, openSqliteViews } from 'keyfold/projections'
import { openSqliteStore } from 'keyfold/sqlite'
import { charges } from './build-your-own-read-model.ts'

export const startInline = async (file: string) => {
  const store = await openSqliteStore({ file, inline: [charges] })
  const views = await openSqliteViews({ file })
  const ledger = createLedger({ store })
  const projections = createProjections({ store, views })
  const ask = projections.queries(charges)
  const stop = async () => {
    await projections.dispose()
    await ledger.dispose()
    await views.dispose()
    await store.dispose()
  }
  return { ledger, projections, ask, stop }
}
