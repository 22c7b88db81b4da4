import { createLedger } from 'keyfold'
import { instrumentLedger, instrumentStore } from 'keyfold/opentelemetry'
import { openSqliteStore } from 'keyfold/sqlite'

export const openLedger = async (file: string) => {
  const store = instrumentStore(await openSqliteStore({ file }), { kind: 'sqlite' })
  const ledger = instrumentLedger(createLedger({ store }))
  const close = async () => {
    // to dispose of what is instrumented is to dispose of what is within
    await ledger.dispose()
    await store.dispose()
  }
  return { ledger, close }
}
