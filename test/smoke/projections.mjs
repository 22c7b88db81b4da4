// Views of the log on every store of the package as it is installed, on the Node that runs this.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createLedger, KeyfoldError } from 'keyfold'
import { openEventStoreDbStore } from 'keyfold/eventstoredb'
import { openMemoryStore } from 'keyfold/memory'
import { observeProjections } from 'keyfold/opentelemetry'
import { createProjections, openMemoryViews, openSqliteViews } from 'keyfold/projections'
import { openSqliteStore } from 'keyfold/sqlite'
import { given, viewStoreContract } from 'keyfold/testing'
import { startStandIn } from 'keyfold/testing/eventstoredb'
import { fileIn, request } from './requests.mjs'

const warnings = []
process.on('warning', (warning) => warnings.push(warning))

/** How many events each type has. */
const counts = {
  name: 'counts',
  version: 1,
  initialState: { seen: 0 },
  rowOf: ({ type }) => type,
  evolve: ({ seen }) => ({ seen: seen + 1 }),
  merge: (a, b) => ({ seen: a.seen + b.seen }),
  columns: { seen: 'integer' },
  columnsOf: ({ seen }) => ({ seen }),
  queries: ({ get }) => ({ seen: async (type) => (await get(type))?.seen ?? 0 })
}

let files = 0
const file = () => fileIn(`projections-${++files}.db`)

viewStoreContract('memory', { open: openMemoryViews }, { describe, it })
viewStoreContract('sqlite', { open: () => openSqliteViews({ file: file() }) }, { describe, it })

const nothing = async () => {}
const memory = async () => ({ store: await openMemoryStore(), views: await openMemoryViews(), stop: nothing })
const sqlite = async () => ({
  store: await openSqliteStore({ file: file() }),
  views: await openSqliteViews({ file: file() }),
  stop: nothing
})
const eventstoredb = async () => {
  const server = await startStandIn()
  return {
    store: await openEventStoreDbStore({ connectionString: server.url }),
    views: await openSqliteViews({ file: file() }),
    stop: () => server.stop()
  }
}

/** A meter that keeps its callback, and what that observes. */
const meter = () => {
  const told = []
  let callback = nothing
  const provider = {
    getMeter: () => ({
      createObservableGauge: (name) => name,
      addBatchObservableCallback: (added) => {
        callback = added
      },
      removeBatchObservableCallback: () => {
        callback = nothing
      }
    })
  }
  return { provider, told, collect: () => callback({ observe: (name, value) => told.push([name, value]) }) }
}

describe('a projection', () => {
  for (const [name, open] of Object.entries({ memory, sqlite, eventstoredb })) {
    it(`is fed, asked, watched, verified and rebuilt on ${name}`, async () => {
      const { store, views, stop } = await open()
      const ledger = createLedger({ store })
      const projections = createProjections({ store, views })
      try {
        const runner = projections.run(counts, { partitions: 2 })
        for (let n = 0; n < 10; n++) {
          const { claim } = await ledger.reserve({ ...request, key: `order-${n}` })
          await ledger.complete({ claim, outcome: { outcomeKind: 'charged' } })
        }
        assert.equal(await projections.waitUntil('counts', 'end'), true)
        const ask = projections.queries(counts)
        assert.deepEqual([await ask.seen('Reserved'), await ask.seen('Completed')], [10, 10])
        await runner.stop()
        await runner.ended()

        const { provider, told, collect } = meter()
        const observed = observeProjections(projections, { names: ['counts'], meterProvider: provider })
        await collect()
        assert.equal(told.filter(([metric]) => metric === 'keyfold.projection.lag.events').length, 2)
        assert.deepEqual(told.at(0), ['keyfold.projection.parked.keys', 0])
        await observed.dispose()

        const rebuilt = await projections.rebuild(counts, { partitions: 1 })
        assert.deepEqual(rebuilt, { events: 20, parked: 0, partitions: 1 })
        const { events, rows, difference } = await projections.verify(counts)
        assert.deepEqual([events, rows, difference], [20, 2, undefined])
        await assert.rejects(
          projections.verify({ ...counts, version: 2 }),
          (error) => error instanceof KeyfoldError && error.tag === 'UnsupportedVersion'
        )
      } finally {
        await projections.dispose()
        await ledger.dispose()
        await store.dispose()
        await views.dispose()
        await stop()
      }
    })
  }

  it('is tried by example', () => {
    given([]).project(counts).thenView({})
    assert.throws(
      () =>
        given([])
          .project(counts)
          .thenView({ Reserved: { seen: 1 } }),
      assert.AssertionError
    )
  })
})

// the last one: of all that was done above
it('makes Node warn of nothing', () => assert.deepEqual(warnings, []))
