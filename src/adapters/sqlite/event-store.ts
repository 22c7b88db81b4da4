import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import * as E from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import * as TE from 'fp-ts/TaskEither'
import type { OpenedStore, StoreError } from '../../application/ports/event-store.ts'
import type { Inline } from '../../application/ports/inline.ts'
import { invalidInput } from '../../domain/failure.ts'
import { systemTime } from '../common/recording-time.ts'
import { type Connect, connect, driverFault } from './connection.ts'
import { openKept } from './inline/open-kept.ts'
import { type LastPosition, lineage } from './lineage.ts'
import { logGuard, mayWrite } from './log-guard.ts'
import { openToWrite } from './migration/open-to-write.ts'
import { namingFile } from './naming-file.ts'
import { type Opened, type OpenOptions, open } from './open.ts'
import { optionsFault, type SqliteStoreOptions } from './options.ts'
import { reader } from './reader.ts'
import { schema2 } from './schema-2/schema-2.ts'
import { storeOn } from './store-on.ts'
import { ownProgram, type ThreadProgram } from './worker/thread.ts'
import { noThreads, writerThreads } from './worker/threads.ts'
import { noWriter, writer } from './writer.ts'

const noWorker = invalidInput(
  'writer must not be worker: inline views are written where their projections run',
  '$.writer'
)

/**
 * On two cores a thread takes 1.3 times the processor time of a cycle, from callers who could use it: only where there are
 * more is one started that nobody asked for (ADR 0024).
 */
const leastCores = 3

/**
 * Opens a store with connections, or a thread, of another make, or as on so many cores, which is for tests: to see what is
 * done with them, or to fail.
 */
export const sqliteStoreBy =
  (connectTo: Connect, program: ThreadProgram = ownProgram, cores = availableParallelism()) =>
  (options: SqliteStoreOptions, inline: ReadonlyArray<Inline> = []): TaskEither<StoreError, OpenedStore> =>
  async () => {
    const wrong = optionsFault(options) ?? (inline.length > 0 && options.writer === 'worker' ? noWorker : undefined)
    if (wrong !== undefined) return E.left(wrong)
    const {
      synchronous = 'FULL',
      busyTimeoutMs = 5000,
      now = systemTime,
      check = 'none',
      writer: mode = 'auto'
    } = options
    // absolute, since the driver takes what looks like an address for a server's
    const path = resolve(options.file)
    const naming = E.mapLeft(namingFile(path))
    const how: OpenOptions = { connect: connectTo, path, synchronous, busyTimeoutMs, check }
    const last: LastPosition = { known: 0, written: 0 }
    const writing = await openToWrite(
      how,
      (connection, schema) => ({
        write: schema === schema2 ? writer(connection, last) : noWriter,
        broken: lineage(connection, schema, last, 'to write').broken
      }),
      options.onMigration
    )
    if (E.isLeft(writing)) return naming(writing)
    const guard = logGuard(path)
    const refused = (error: StoreError, ...opened: ReadonlyArray<Opened<unknown>>): E.Either<StoreError, never> => {
      for (const { connection } of opened) connection.close()
      guard.close()
      return naming(E.left(error))
    }
    // it went as soon as it was opened: another connection would make a file in its place
    const gone = guard.inUse().file === undefined ? guard.broken() : undefined
    if (gone !== undefined) return refused(gone, writing.right)
    const reading = await open({ ...how, check: 'none' }, (connection, schema) => reader(connection, schema, last))
    if (E.isLeft(reading)) return refused(reading.left, writing.right)
    const mayHelp = mode === 'worker' || (mode === 'auto' && cores >= leastCores)
    const threads =
      !mayHelp || inline.length > 0 || writing.right.schema !== schema2 || !mayWrite(path)
        ? noThreads
        : writerThreads(mode, program, () => ({ path, synchronous, busyTimeoutMs, inUse: guard.inUse() }))
    const error = guard.broken() ?? (mode === 'worker' ? await threads.start() : undefined)
    if (error !== undefined) return refused(error, writing.right, reading.right)
    const kept = inline.length === 0 ? undefined : await openKept(writing.right, guard, last, inline, busyTimeoutMs)
    if (kept !== undefined && E.isLeft(kept)) return refused(kept.left, writing.right, reading.right)
    const end = new AbortController()
    const shared = { path, busyTimeoutMs, now, threads, guard, last, end, kept: kept?.right }
    return E.right(storeOn(writing.right, reading.right, shared))
  }

const byDriver = sqliteStoreBy(connect)

/**
 * A store in one SQLite file: WAL, durable by default, group commit, safe with several processes on the file.
 * Failures by tag: InvalidInput, NotAStore, UnsupportedVersion, AccessDenied, StoreReadOnly, StoreBusy, StoreFull,
 * StoreUnavailable (which it is too where the driver is not installed).
 */
export const openSqliteStoreTaskEither = (
  options: SqliteStoreOptions,
  inline: ReadonlyArray<Inline> = []
): TaskEither<StoreError, OpenedStore> => {
  const missing = driverFault()
  return missing === undefined ? byDriver(options, inline) : TE.left(missing)
}
