import { openSqliteStoreTaskEither } from './adapters/sqlite/event-store.ts'
import type { SqliteStoreOptions } from './adapters/sqlite/options.ts'
import type { OpenedStore } from './application/ports/event-store.ts'
import { orThrow } from './composition/promises.ts'

export { openSqliteStoreTaskEither } from './adapters/sqlite/event-store.ts'
export type { MigrationProgress } from './adapters/sqlite/migration/progress.ts'
export type { SqliteStoreOptions } from './adapters/sqlite/options.ts'

/** Opens a store in one SQLite file; throws `KeyfoldError` where it cannot be opened. */
export const openSqliteStore = (options: SqliteStoreOptions): Promise<OpenedStore> =>
  orThrow(openSqliteStoreTaskEither(options))
