import { type SqliteStoreOptions, sqliteStore } from './adapters/sqlite/event-store.ts'
import type { EventStore } from './application/ports/event-store.ts'
import { orThrow } from './composition/promises.ts'

export { type SqliteStoreOptions, sqliteStore } from './adapters/sqlite/event-store.ts'

/** Opens a store in one SQLite file; throws `KeyfoldError` where it cannot be opened. */
export const openSqliteStore = (options: SqliteStoreOptions): Promise<EventStore> => orThrow(sqliteStore(options))
