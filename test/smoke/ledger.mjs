// A ledger on every store of the package as it is installed, on the Node that runs this.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createLedger, defaultPolicy, jsonFingerprint, KeyfoldError, recordId } from 'keyfold'
import { openEventStoreDbStore } from 'keyfold/eventstoredb'
import { openMemoryStore } from 'keyfold/memory'
import { openSqliteStore } from 'keyfold/sqlite'
import { given } from 'keyfold/testing'
import { startStandIn } from 'keyfold/testing/eventstoredb'
import { fileIn, request } from './requests.mjs'
import { overTls } from './servers.mjs'

const warnings = []
process.on('warning', (warning) => warnings.push(warning))

const on = async (server) => ({
  store: await openEventStoreDbStore({ connectionString: server.url }),
  stop: () => server.stop()
})

const stores = {
  memory: async () => ({ store: await openMemoryStore(), stop: async () => {} }),
  sqlite: async () => ({ store: await openSqliteStore({ file: fileIn('ledger.db') }), stop: async () => {} }),
  eventstoredb: async () => on(await startStandIn()),
  'eventstoredb over TLS, by its address': async () => on(await overTls())
}

it('runs on the Node that was asked for', () => assert.equal(process.versions.node, process.env.SMOKE_NODE))

describe('a ledger', () => {
  for (const [name, open] of Object.entries(stores)) {
    it(`reserves, completes, replays, tells and lists on ${name}`, async () => {
      const { store, stop } = await open()
      const ledger = createLedger({ store })
      try {
        const rivals = await Promise.all(Array.from({ length: 8 }, () => ledger.reserve(request)))
        const [granted, ...others] = rivals.toSorted((a, b) => b._tag.localeCompare(a._tag))
        assert.equal(granted._tag, 'Reserved')
        assert.deepEqual(new Set(others.map(({ _tag }) => _tag)), new Set(['Duplicate']))
        const outcome = { outcomeKind: 'charged', details: { amount: 10 } }
        assert.equal((await ledger.complete({ claim: granted.claim, outcome }))._tag, 'Completed')
        const replay = await ledger.reserve(request)
        assert.equal(replay._tag, 'Duplicate')
        assert.deepEqual(replay.record.outcome.details, { amount: 10 })
        assert.equal((await ledger.reserve({ ...request, requestFingerprint: 'amount=11' }))._tag, 'Conflict')
        const types = (await ledger.history(request)).map(({ type }) => type)
        assert.equal(types[0], 'Reserved')
        assert.ok(types.includes('Completed'), types.join())
        assert.equal(types.at(-1), 'ConflictRecorded')
        const record = await ledger.get(request)
        assert.equal(record.recordId, recordId(request.tenant, request.operation, request.key))
        assert.deepEqual(await ledger.list({ operation: 'charge' }), [record])
        await assert.rejects(
          ledger.reserve({ ...request, key: ' ' }),
          (error) => error instanceof KeyfoldError && error.tag === 'InvalidInput'
        )
      } finally {
        await ledger.dispose()
        await store.dispose()
        await stop()
      }
    })
  }
})

describe('the helpers', () => {
  it('take the same payload for the same request, whatever the order of its members', () =>
    assert.equal(jsonFingerprint({ a: 1, b: [2] }), jsonFingerprint({ b: [2], a: 1 })))

  it('hold a decision to what was given', () => {
    const decided = given([]).when({ _tag: 'Expire', atMs: 1, policy: defaultPolicy })
    decided.thenAnswer({ _tag: 'NotDue' }).thenEvents([])
    assert.throws(() => decided.thenAnswer({ _tag: 'Expired' }), assert.AssertionError)
  })
})

// the last one: of all that was done above
it('makes Node warn of nothing', () => assert.deepEqual(warnings, []))
