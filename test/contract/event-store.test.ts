import { describe, it } from 'vitest'
import { memoryStore } from '../../src/memory.ts'
import { openSqliteStore } from '../../src/sqlite.ts'
import { eventStoreContract } from '../../src/testing/index.ts'
import { temporaryFile } from '../support/temporary-file.ts'

eventStoreContract('memory', { open: async () => memoryStore() }, { describe, it })

let file = ''
eventStoreContract(
  'sqlite',
  {
    open: () => {
      file = temporaryFile('contract.db')
      return openSqliteStore({ file })
    },
    openAgain: () => openSqliteStore({ file })
  },
  { describe, it }
)
