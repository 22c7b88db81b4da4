import * as E from 'fp-ts/Either'
import { openSqliteStoreTaskEither } from '../../src/adapters/sqlite/event-store.ts'
import type { SqliteStoreOptions } from '../../src/adapters/sqlite/options.ts'
import type { EventStore, StoreError } from '../../src/application/ports/event-store.ts'

/** A store that can be opened. */
export const opened = async (file: string, options: Partial<SqliteStoreOptions> = {}): Promise<EventStore> => {
  const store = await openSqliteStoreTaskEither({ file, ...options })()
  if (E.isLeft(store)) throw new Error(`${store.left._tag}: ${store.left.message}`)
  return store.right
}

/** Why a store cannot be opened. */
export const refusal = async (options: SqliteStoreOptions): Promise<StoreError> => {
  const store = await openSqliteStoreTaskEither(options)()
  if (E.isLeft(store)) return store.left
  await store.right.dispose()
  throw new Error('it was opened')
}
