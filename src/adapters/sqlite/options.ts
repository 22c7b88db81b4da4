import { type Failure, invalidInput } from '../../domain/failure.ts'
import type { MigrationProgress } from './migration/progress.ts'

export type SqliteStoreOptions = {
  /** The database file; made where there is none. Its folder must exist. */
  readonly file: string
  /** `FULL`, the default, survives power loss; `NORMAL` may lose the last commits to it, and is faster. */
  readonly synchronous?: 'FULL' | 'NORMAL'
  /** How long to wait for another process's lock before `StoreBusy`, ms. 5,000 where it is left out. */
  readonly busyTimeoutMs?: number
  /** The store's own time of recording, epoch ms: a whole number. The system's clock where it is left out. */
  readonly now?: () => number
  /**
   * How much of an existing file is looked through for damage before it is opened, which blocks meanwhile. `none`, the
   * default: what is asked for is checked when it is read. `quick`: the structure of every page. `full`: also whether
   * every event can be found by its stream. Damage is `NotAStore`.
   */
  readonly check?: 'none' | 'quick' | 'full'
  /**
   * Told how far it is while a file of an earlier schema is migrated on opening. What it throws breaks the migration
   * off, and leaves the file as it was (`Aborted`).
   */
  readonly onMigration?: (progress: MigrationProgress) => void
}

const among = (value: unknown, ...allowed: ReadonlyArray<unknown>): boolean => allowed.includes(value)

/** What makes no sense in the options of a store in a file, whoever gave them. */
export const optionsFault = (options: unknown): Failure | undefined => {
  if (typeof options !== 'object' || options === null) return invalidInput('$ must be the options of a store', '$')
  const given: { readonly [name in keyof SqliteStoreOptions]?: unknown } = options
  const { file, synchronous, busyTimeoutMs, now, check, onMigration } = given
  // a null character would end the process in the driver; SQLite has a meaning of its own for the other two
  if (typeof file !== 'string' || file === '' || file === ':memory:' || file.includes('\0')) {
    return invalidInput('file must be the name of a file; without one there is the memory store', '$.file')
  }
  if (!among(synchronous, undefined, 'FULL', 'NORMAL')) {
    return invalidInput('synchronous must be FULL or NORMAL', '$.synchronous')
  }
  if (!(busyTimeoutMs === undefined || (Number.isSafeInteger(busyTimeoutMs) && Number(busyTimeoutMs) >= 0))) {
    return invalidInput('busyTimeoutMs must be a whole number of milliseconds', '$.busyTimeoutMs')
  }
  if (now !== undefined && typeof now !== 'function') return invalidInput('now must be a function', '$.now')
  if (onMigration !== undefined && typeof onMigration !== 'function') {
    return invalidInput('onMigration must be a function', '$.onMigration')
  }
  return among(check, undefined, 'none', 'quick', 'full')
    ? undefined
    : invalidInput('check must be none, quick or full', '$.check')
}
