import { describe, it } from 'vitest'
import { openMemoryViews, openSqliteViews } from '../../src/projections.ts'
import { viewStoreContract } from '../../src/testing/index.ts'
import { temporaryFile } from '../support/temporary-file.ts'

viewStoreContract('memory', { open: openMemoryViews }, { describe, it })
viewStoreContract('SQLite', { open: () => openSqliteViews({ file: temporaryFile('views.db') }) }, { describe, it })
