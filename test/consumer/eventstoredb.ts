// The doors of the third store. The types of its client know of no disposal, so there is no `await using` here.
import { createLedger, type Failure } from 'keyfold'
import { openEventStoreDbStore, openEventStoreDbStoreTaskEither } from 'keyfold/eventstoredb'

export const run = async (): Promise<unknown> => {
  const store = await openEventStoreDbStore({ connectionString: 'esdb://127.0.0.1:9?tls=false' })
  const ledger = createLedger({ store })
  const refused = await openEventStoreDbStoreTaskEither({ connectionString: 'nowhere' })()
  const failed: Failure | undefined = refused._tag === 'Left' ? refused.left : undefined
  await ledger.dispose()
  await store.dispose()
  return [typeof ledger.reserve, failed?._tag]
}
