import { describe, it } from 'vitest'
import { memoryLog, openMemoryStore } from '../../src/memory.ts'
import { openSqliteStore } from '../../src/sqlite.ts'
import { eventStoreContract } from '../../src/testing/index.ts'
import { frozen } from '../support/frozen-files.ts'
import { temporaryFile } from '../support/temporary-file.ts'

const capabilities = { atomic: true, limited: false, removable: false, confirming: true }

let log = memoryLog()
eventStoreContract(
  'memory',
  {
    open: async () => {
      log = memoryLog()
      return openMemoryStore({ log })
    },
    openAgain: () => openMemoryStore({ log }),
    capabilities
  },
  { describe, it }
)

let file = ''
eventStoreContract(
  'sqlite',
  {
    open: () => {
      file = temporaryFile('contract.db')
      return openSqliteStore({ file })
    },
    openAgain: () => openSqliteStore({ file }),
    capabilities: { ...capabilities, removable: true }
  },
  { describe, it }
)

eventStoreContract(
  'sqlite, written by a thread',
  {
    open: () => {
      file = temporaryFile('contract.db')
      return openSqliteStore({ file, writer: 'worker' })
    },
    openAgain: () => openSqliteStore({ file, writer: 'worker' }),
    capabilities: { ...capabilities, removable: true }
  },
  { describe, it }
)

eventStoreContract(
  'sqlite, migrated from schema 1',
  {
    open: () => {
      file = frozen('all-events.v1')
      return openSqliteStore({ file })
    },
    openAgain: () => openSqliteStore({ file }),
    capabilities: { ...capabilities, removable: true }
  },
  { describe, it }
)
