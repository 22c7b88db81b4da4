import * as E from 'fp-ts/Either'
import { onTestFinished } from 'vitest'
import { type Connect, connect } from '../../src/adapters/sqlite/connection.ts'
import { sqliteStoreBy } from '../../src/adapters/sqlite/event-store.ts'
import type { SqliteStoreOptions } from '../../src/adapters/sqlite/options.ts'
import type { ThreadProgram } from '../../src/adapters/sqlite/worker/thread.ts'
import type { EventStore } from '../../src/application/ports/event-store.ts'
import { temporaryFile } from './temporary-file.ts'

/** A store in a file of its own, or in the one that is named; it goes with the test. */
export const sqliteStoreOn = async (
  options: Partial<SqliteStoreOptions> = {},
  connectTo: Connect = connect,
  program?: ThreadProgram,
  // as where a thread may help, whatever this machine has
  cores = 4
): Promise<EventStore> => {
  // a thread has a connection of its own make, which nothing stands around
  const writer = connectTo === connect ? undefined : ({ writer: 'caller' } as const)
  const open = sqliteStoreBy(connectTo, program, cores)
  const store = await open({ file: temporaryFile('store.db'), ...writer, ...options })()
  if (E.isLeft(store)) throw new Error(`${store.left._tag}: ${store.left.message}`)
  onTestFinished(() => store.right.dispose())
  return store.right
}
