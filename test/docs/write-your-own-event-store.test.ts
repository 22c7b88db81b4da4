import { createLedger } from 'keyfold'
import { eventStoreContract } from 'keyfold/testing'
import { describe, expect, it } from 'vitest'
import { openTableStore, type Table } from './snippets/write-your-own-event-store.ts'

let table: Table = { rows: [] }

eventStoreContract(
  'the how-to’s store',
  {
    open: async () => {
      table = { rows: [] }
      return openTableStore(table)
    },
    openAgain: async () => openTableStore(table),
    capabilities: { atomic: false, limited: false, removable: false, confirming: false }
  },
  { describe, it }
)

it('a ledger works on the how-to’s store', async () => {
  const ledger = createLedger({ store: openTableStore({ rows: [] }) })
  const request = {
    tenant: { orgId: 'acme', workspaceId: 'shop' },
    operation: 'payment.charge',
    key: 'order-1',
    owner: 'web-1',
    requestFingerprint: 'amount=10',
    lease: 30_000
  }
  const answers = [await ledger.reserve(request), await ledger.reserve(request)]
  expect(answers.map(({ _tag }) => _tag)).toEqual(['Reserved', 'Duplicate'])
  await ledger.dispose()
})
