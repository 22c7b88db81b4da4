import type { Failure } from '../../domain/failure.ts'
import { Millis } from '../../domain/instant.ts'
import { optionsOf } from '../../domain/parsing/having.ts'
import { both, faultOf, keeping, oneOf, optional } from '../../domain/parsing/parsed.ts'
import { func, isMembers } from '../../domain/parsing/values.ts'
import type { MigrationProgress } from './migration/progress.ts'

/** Where the file of a store is, and how it is kept. */
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
  /**
   * Where appends are written. `auto`, the default: on the caller's thread, and from some load on, where there are
   * more than two cores, by a thread of the store's own, while this one decides on what comes next; where none can be
   * started a process warning tells so once (`KEYFOLD_NO_WRITER_THREAD`). `caller`: always on the caller's thread. `worker`: by a thread from the start on; where
   * it cannot be started the store is not opened (`StoreUnavailable`).
   */
  readonly writer?: 'auto' | 'caller' | 'worker'
}

// a null character would end the process in the driver; SQLite has a meaning of its own for the other two
export const isFile = (value: unknown): boolean =>
  typeof value === 'string' && value !== '' && value !== ':memory:' && !value.includes('\0')

const options = both(
  keeping(isMembers, 'must be the options of a store'),
  optionsOf(
    {
      file: keeping(isFile, 'must be the name of a file; without one there is the memory store'),
      synchronous: optional(oneOf('FULL', 'NORMAL')),
      busyTimeoutMs: optional(keeping(Millis.is, 'must be a whole number of milliseconds')),
      now: optional(func),
      onMigration: optional(func),
      check: optional(oneOf('none', 'quick', 'full')),
      writer: optional(oneOf('auto', 'caller', 'worker'))
    },
    'name',
    // views within the appends are judged where projections are known
    ['inline', 'inlineCategory']
  )
)

/** What makes no sense in the options of a store in a file, whoever gave them. */
export const optionsFault = (given: unknown): Failure | undefined => faultOf(options('$', given))
