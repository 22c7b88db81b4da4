import { describe, it } from 'vitest'
import { openMemoryViews, openSqliteViews } from '../../src/projections.ts'
import { openSqliteStore } from '../../src/sqlite.ts'
import { viewStoreContract } from '../../src/testing/index.ts'
import { temporaryFile } from '../support/temporary-file.ts'

viewStoreContract('memory', { open: openMemoryViews }, { describe, it })
viewStoreContract('SQLite', { open: () => openSqliteViews({ file: temporaryFile('views.db') }) }, { describe, it })
viewStoreContract(
  'the file of an event store',
  {
    open: async () => {
      const file = temporaryFile('store.db')
      await (await openSqliteStore({ file })).dispose()
      return openSqliteViews({ file })
    }
  },
  { describe, it }
)
