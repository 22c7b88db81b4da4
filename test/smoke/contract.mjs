// The published contract of stores, by Node's own runner, against each store of the package as it is installed.
import { after, describe, it } from 'node:test'
import { openEventStoreDbStore } from 'keyfold/eventstoredb'
import { memoryLog, openMemoryStore } from 'keyfold/memory'
import { openSqliteStore } from 'keyfold/sqlite'
import { eventStoreContract } from 'keyfold/testing'
import { startStandIn } from 'keyfold/testing/eventstoredb'
import { fileIn } from './requests.mjs'

/** A suite over one kind of store, each of its stores with a place of its own. */
const suite = (name, capabilities, place, openIn) => {
  let at
  const open = async () => {
    at = await place()
    return openIn(at)
  }
  eventStoreContract(name, { open, openAgain: async () => openIn(at), capabilities }, { describe, it })
}

const local = { atomic: true, limited: false }
suite('memory', local, memoryLog, (log) => openMemoryStore({ log }))

let files = 0
suite(
  'sqlite',
  local,
  () => fileIn(`contract-${++files}.db`),
  (file) => openSqliteStore({ file })
)

suite(
  'sqlite, written by a thread',
  local,
  () => fileIn(`contract-${++files}.db`),
  (file) => openSqliteStore({ file, writer: 'worker' })
)

let server
after(() => server?.stop())
suite(
  'eventstoredb',
  { atomic: false, limited: true },
  async () => {
    await server?.stop()
    server = await startStandIn()
    return server.url
  },
  (connectionString) => openEventStoreDbStore({ connectionString })
)
