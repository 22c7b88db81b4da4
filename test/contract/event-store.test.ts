import { readFileSync, writeFileSync } from 'node:fs'
import { describe, it } from 'vitest'
import { memoryLog, openMemoryStore } from '../../src/memory.ts'
import { openSqliteStore } from '../../src/sqlite.ts'
import { eventStoreContract } from '../../src/testing/index.ts'
import { ofTopics } from '../support/contract-topics.ts'
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

// it reads as the one above does; only what is written takes another way
ofTopics(
  [
    'append',
    'append, repeated ids',
    'append, rivals',
    'append, texts',
    'append to several streams at once',
    'what is current',
    'subscribe',
    'lifetime'
  ],
  (runner) =>
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
      runner
    )
)

let migrated: Uint8Array | undefined
/** A file that was migrated, with the events that were in it: made once, for that is another test's. */
const migratedFile = async (): Promise<string> => {
  if (migrated === undefined) {
    const old = frozen('all-events.v1')
    await (await openSqliteStore({ file: old })).dispose()
    migrated = readFileSync(old)
  }
  const copy = temporaryFile('contract.db')
  writeFileSync(copy, migrated)
  return copy
}

eventStoreContract(
  'sqlite, migrated from schema 1',
  {
    open: async () => {
      file = await migratedFile()
      return openSqliteStore({ file })
    },
    openAgain: () => openSqliteStore({ file }),
    capabilities: { ...capabilities, removable: true }
  },
  { describe, it }
)
