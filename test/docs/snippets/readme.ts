import { createLedger, once } from 'keyfold'
import { openSqliteStore } from 'keyfold/sqlite'

const ledger = createLedger({ store: await openSqliteStore({ file: 'payments.db' }) })
const shop = { tenant: { orgId: 'acme', workspaceId: 'shop' }, operation: 'charge', owner: 'web-1', lease: 30_000 }

const pay = (key: string, amount: number) =>
  once(ledger, { ...shop, key, requestFingerprint: [`${amount}`], onThrow: 'ambiguous' })(() => charge(amount))

// the end of what the documentation shows

const charge = async (amount: number) => ({ charged: amount })

export { ledger, pay }
