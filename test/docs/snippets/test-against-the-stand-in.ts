import assert from 'node:assert/strict'
import { createLedger } from 'keyfold'
import { openEventStoreDbStore } from 'keyfold/eventstoredb'
import { startStandIn } from 'keyfold/testing/eventstoredb'

const request = {
  tenant: { orgId: 'acme', workspaceId: 'shop' },
  operation: 'payment.charge',
  key: 'order-1',
  owner: 'web-1',
  requestFingerprint: 'amount=10',
  lease: 30_000
}

/** The connection breaks after the server has written, and before it has said so. */
export const aLostAnswer = async () => {
  const server = await startStandIn()
  const store = await openEventStoreDbStore({ connectionString: server.url })
  const ledger = createLedger({ store })
  try {
    server.faults.next({ rpc: 'append', when: 'after', do: 'drop' })
    const answer = await ledger.reserve(request)
    // the caller notices nothing, and the key was reserved once
    assert.equal(answer._tag, 'Reserved')
    assert.equal(server.records().length, 1)
    assert.equal(server.faults.outstanding(), 0)
  } finally {
    await ledger.dispose()
    await store.dispose()
    await server.stop()
  }
}

/** The leader of a cluster goes away while its successor is not elected yet. */
export const anElection = async () => {
  const first = await startStandIn()
  const second = await startStandIn({ joins: first })
  const store = await openEventStoreDbStore({ connectionString: first.clusterUrl() })
  const ledger = createLedger({ store })
  try {
    await ledger.reserve(request)
    await first.stop()
    const answer = ledger.reserve({ ...request, owner: 'web-2' })
    second.lead()
    assert.equal((await answer)._tag, 'Duplicate')
  } finally {
    await ledger.dispose()
    await store.dispose()
    await Promise.all([first.stop(), second.stop()])
  }
}
