import { createLedger, type Ledger, type LedgerOptions } from '../../src/index.ts'
import { openSqliteStore, type SqliteStoreOptions } from '../../src/sqlite.ts'

/** Runs work on a ledger of its own over a SQLite file, and closes both. */
export const withLedger = async <A>(
  options: SqliteStoreOptions & { readonly ledger?: Omit<LedgerOptions, 'store'> },
  work: (ledger: Ledger) => Promise<A>
): Promise<A> => {
  const store = await openSqliteStore(options)
  const ledger = createLedger({ ...options.ledger, store })
  try {
    return await work(ledger)
  } finally {
    await ledger.dispose()
    await store.dispose()
  }
}
