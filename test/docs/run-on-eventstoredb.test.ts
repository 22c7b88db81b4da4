import { startStandIn } from 'keyfold/testing/eventstoredb'
import { expect, it, onTestFinished } from 'vitest'
import { openLedger } from './snippets/run-on-eventstoredb.ts'

it('the how-to’s ledger works against a server, and lets go of it', async () => {
  const server = await startStandIn()
  onTestFinished(() => server.stop())
  const { ledger, close } = await openLedger(server.url)
  const answer = await ledger.reserve({
    tenant: { orgId: 'acme', workspaceId: 'shop' },
    operation: 'payment.charge',
    key: 'order-1',
    owner: 'me',
    requestFingerprint: 'amount=10',
    lease: 30_000
  })
  expect(answer._tag).toBe('Reserved')
  await close()
  expect(server.records()).toHaveLength(1)
})
