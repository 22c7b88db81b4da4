import { afterAll, describe, it } from 'vitest'
import { memoryLog, openMemoryStore } from '../../src/memory.ts'
import { instrumentStore } from '../../src/opentelemetry.ts'
import { openSqliteStore } from '../../src/sqlite.ts'
import { type StandIn, startStandIn } from '../../src/testing/eventstoredb.ts'
import { eventStoreContract } from '../../src/testing/index.ts'
import { openOn } from '../support/eventstoredb.ts'
import { temporaryFile } from '../support/temporary-file.ts'

const capabilities = { atomic: true, limited: false, removable: false, confirming: true }

let log = memoryLog()
eventStoreContract(
  'memory, instrumented',
  {
    open: async () => {
      log = memoryLog()
      return instrumentStore(await openMemoryStore({ log }))
    },
    openAgain: async () => instrumentStore(await openMemoryStore({ log })),
    capabilities
  },
  { describe, it }
)

let file = ''
eventStoreContract(
  'sqlite, instrumented',
  {
    open: async () => {
      file = temporaryFile('contract.db')
      return instrumentStore(await openSqliteStore({ file }))
    },
    openAgain: async () => instrumentStore(await openSqliteStore({ file })),
    capabilities: { ...capabilities, removable: true }
  },
  { describe, it }
)

let server: StandIn | undefined
afterAll(() => server?.stop())

eventStoreContract(
  'eventstoredb (stand-in), instrumented',
  {
    open: async () => {
      await server?.stop()
      server = await startStandIn()
      return instrumentStore(await openOn(server.url))
    },
    openAgain: async () => instrumentStore(await openOn(server?.url ?? '')),
    capabilities: { atomic: false, limited: true, removable: true, confirming: true }
  },
  { describe, it }
)
