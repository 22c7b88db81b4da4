import { createLedger } from 'keyfold'
import { openEventStoreDbStore } from 'keyfold/eventstoredb'

/** For example with `esdb://ledger:password@node1:2113,node2:2113,node3:2113`. */
export const openLedger = async (connectionString: string) => {
  const store = await openEventStoreDbStore({ connectionString })
  const ledger = createLedger({ store })
  const close = async () => {
    // in this order: the ledger finishes what runs, then the store lets go of the connection
    await ledger.dispose()
    await store.dispose()
  }
  return { ledger, close }
}
