import type { OpenedStore } from './application/ports/event-store.ts'
import { orThrow } from './composition/promises.ts'
import { openSqliteStoreTaskEither, type SqliteStoreOptions } from './composition/sqlite-store.ts'

export type { MigrationProgress } from './adapters/sqlite/migration/progress.ts'
export {
  openSqliteStoreTaskEither,
  type SqliteStoreOptions
} from './composition/sqlite-store.ts'

/** Opens a store in one SQLite file; throws `KeyfoldError` where it cannot be opened. */
export const openSqliteStore = (options: SqliteStoreOptions): Promise<OpenedStore> =>
  orThrow(openSqliteStoreTaskEither(options))
