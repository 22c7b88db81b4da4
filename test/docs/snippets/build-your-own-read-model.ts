import { createLedger } from 'keyfold'
import { createProjections, openSqliteViews, type Projection, type View } from 'keyfold/projections'
import { openSqliteStore } from 'keyfold/sqlite'

/** What a customer was charged for: one row each, however many keys there are. */
type Charges = { readonly completed: number; readonly asked: number; readonly last?: string }

const queriesOf = (view: View<Charges>) => ({
  chargesOf: async (customer: string) => (await view.get(customer)) ?? { completed: 0, asked: 0 }
})

export const charges: Projection<Charges, ReturnType<typeof queriesOf>> & { readonly queries: typeof queriesOf } = {
  name: 'charges',
  version: 1,
  initialState: { completed: 0, asked: 0 },
  // rows are customers: `primaryRefId` of what came of it names whom it was for
  rowOf: (entry) => {
    if (entry.type === 'Completed') return entry.data.outcome.primaryRefId
    return entry.type === 'Reserved' ? entry.data.owner : undefined
  },
  evolve: (state, entry) =>
    entry.type === 'Completed'
      ? { ...state, completed: state.completed + 1, last: entry.data.outcome.outcomeKind }
      : { ...state, asked: state.asked + 1 },
  merge: (a, b) => ({ ...a, ...b, completed: a.completed + b.completed, asked: a.asked + b.asked }),
  columns: { completed: 'integer', asked: 'integer' },
  columnsOf: ({ completed, asked }) => ({ completed, asked }),
  indexes: [['completed']],
  queries: queriesOf
}

export const start = async (storeFile: string, viewsFile: string) => {
  const store = await openSqliteStore({ file: storeFile })
  const views = await openSqliteViews({ file: viewsFile })
  const ledger = createLedger({ store })
  const projections = createProjections({ store, views })
  const runner = projections.run(charges, { partitions: 4 })
  const ask = projections.queries(charges)
  /** What this process just wrote is in the view once this resolves. */
  const upToDate = () => projections.waitUntil('charges', 'end')
  const stop = async () => {
    await projections.dispose()
    await ledger.dispose()
    await views.dispose()
    await store.dispose()
  }
  return { ledger, projections, runner, ask, upToDate, stop }
}
