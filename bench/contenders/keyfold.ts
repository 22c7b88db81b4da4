import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { outcome, requestFor } from '../harness/requests.ts'
import type { Contender, Contestant } from './contender.ts'

type Core = typeof import('../../src/index.ts')
type Sqlite = typeof import('../../src/sqlite.ts')

/**
 * A ledger on a SQLite file, by the doors of a built package. The older one that this is measured beside (commit
 * c9ae726) has the same names for what is called here.
 */
export const keyfold = async (options: Extract<Contestant, { _tag: 'Keyfold' }>): Promise<Contender> => {
  const door = (name: string): string => pathToFileURL(join(options.dist, name)).href
  const { createLedger }: Core = await import(door('index.js'))
  const { openSqliteStore }: Sqlite = await import(door('sqlite.js'))
  const store = await openSqliteStore({ file: options.file, synchronous: options.synchronous })
  const ledger = createLedger({ store, ...(options.recording && { recording: options.recording }) })
  return {
    cycle: async (key) => {
      const answer = await ledger.reserve(requestFor(key))
      if (answer._tag !== 'Reserved') throw new Error(`answered ${answer._tag}`)
      const completed = await ledger.complete({ claim: answer.claim, outcome })
      if (completed._tag !== 'Completed') throw new Error(`answered ${completed._tag}`)
    },
    replay: async (key) => {
      const answer = await ledger.reserve(requestFor(key))
      if (answer._tag !== 'Duplicate') throw new Error(`answered ${answer._tag}`)
      if (answer.record.outcome?.outcomeKind !== outcome.outcomeKind) throw new Error('answered another outcome')
    },
    close: async () => {
      await ledger.dispose()
      await store.dispose()
    }
  }
}
