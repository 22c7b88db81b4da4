import * as E from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import * as TE from 'fp-ts/TaskEither'
import { sha256 } from '../adapters/node/sha256.ts'
import { openSqliteStoreTaskEither as openFile } from '../adapters/sqlite/event-store.ts'
import type { SqliteStoreOptions as FileOptions } from '../adapters/sqlite/options.ts'
import type { OpenedStore, StoreError } from '../application/ports/event-store.ts'
import type { Inline } from '../application/ports/inline.ts'
import type { Projection } from '../application/projections/projection.ts'
import { having } from '../domain/parsing/having.ts'
import { faultOf, keeping, optional } from '../domain/parsing/parsed.ts'
import { isMembers } from '../domain/parsing/values.ts'
import { category, defaultCategory } from './category.ts'

/** Where the file of a store is, and how it is kept. */
export type SqliteStoreOptions = FileOptions & {
  /**
   * Views that are kept in the transaction of each append, in the same file: who reads one by `openSqliteViews` after an
   * append was answered finds it in there, unless others who write to the file without it left it more than 9,000 events
   * behind, or it cannot be kept (a process warning says so). 16 at most. They are brought level with the log when the store
   * is opened.
   */
  readonly inline?: ReadonlyArray<Projection<unknown>> | undefined
  /** Whose events these views are of. The category that a ledger has where it is left out. */
  readonly inlineCategory?: string | undefined
}

const most = 16

const isInline = (value: unknown): boolean => Array.isArray(value) && value.length <= most

const rules = having(
  {
    inline: optional(keeping(isInline, `must be a list of projections, ${most} at most`)),
    inlineCategory: optional(category)
  },
  'name'
)

/** What a store keeps inline, or what is wrong with it. The toolkit is loaded by those alone who use it. */
const inlineIn = async ({
  inline = [],
  inlineCategory: category = defaultCategory
}: SqliteStoreOptions): Promise<E.Either<StoreError, ReadonlyArray<Inline>>> => {
  if (inline.length === 0) return E.right([])
  const { parseInline } = await import('../application/projections/inline.ts')
  return parseInline(inline, { sha256, category, clock: Date.now })
}

/**
 * A store in one SQLite file: WAL, durable by default, group commit, safe with several processes on the file, and views that
 * are kept within its appends. Failures by tag: InvalidInput, NotAStore, UnsupportedVersion, AccessDenied, StoreReadOnly,
 * StoreBusy, StoreFull, StoreUnavailable (which it is too where the driver is not installed).
 */
export const openSqliteStoreTaskEither = (options: SqliteStoreOptions): TaskEither<StoreError, OpenedStore> => {
  const fault = isMembers(options) ? faultOf(rules('$', options)) : undefined
  if (fault !== undefined) return TE.left(fault)
  return async () => {
    const inline = isMembers(options) ? await inlineIn(options) : E.right([])
    return E.isLeft(inline) ? inline : openFile(options, inline.right)()
  }
}
