import { resolve } from 'node:path'
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import type { TaskEither } from 'fp-ts/TaskEither'
import * as TE from 'fp-ts/TaskEither'
import { asyncDisposable } from '../../application/ports/async-disposable.ts'
import type {
  Append,
  Appended,
  AppendFailure,
  EventStore,
  OpenedStore,
  StoreError
} from '../../application/ports/event-store.ts'
import { alwaysCurrent } from '../common/always-current.ts'
import { disposedOf } from '../common/disposed-of.ts'
import { followLog } from '../common/follow-log.ts'
import { notices } from '../common/notices.ts'
import { checkedRead } from '../common/port-fault.ts'
import { systemTime } from '../common/recording-time.ts'
import { appendAtomically } from './append-atomically.ts'
import { type Connect, type Connection, connect, driverFault } from './connection.ts'
import { groupCommit } from './group-commit.ts'
import { letGo } from './let-go.ts'
import { type LastPosition, type Lineage, lineage } from './lineage.ts'
import { type LogGuard, logGuard, mayWrite } from './log-guard.ts'
import { openToWrite } from './migration/open-to-write.ts'
import { type Opened, type OpenOptions, open } from './open.ts'
import { optionsFault, type SqliteStoreOptions } from './options.ts'
import { packAppend } from './packed-append.ts'
import { reader } from './reader.ts'
import { schema2 } from './schema-2/schema-2.ts'
import { transactions } from './transactions.ts'
import { ownProgram, type ThreadProgram } from './worker/thread.ts'
import { noThreads, type WriterThreads, writerThreads } from './worker/threads.ts'
import { noWriter, type Write, writer } from './writer.ts'

/** How soon a subscription notices what other processes wrote, ms. */
const pollMs = 100

/** Puts all of the log into the file itself, so that one file is the whole store. Others that use it go first. */
const checkpoint = (connection: Connection): void => {
  try {
    connection.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  } catch {
    // the log stays beside the file, and is read with it
  }
}

/** What the connections of a store have in common. */
type Shared = {
  readonly busyTimeoutMs: number
  readonly now: () => number
  readonly threads: WriterThreads
  readonly guard: LogGuard
  readonly last: LastPosition
  readonly end: AbortController
}

/**
 * Tells whether the file is unusable. Where its log was taken from beside it, what is in there is folded into the
 * file while this process can still reach it: nobody else can open the file before this process has let go of it.
 */
const watching = ({ broken, isOrphaned }: LogGuard, connection: Connection): (() => StoreError | undefined) => {
  let saved = false
  return () => {
    const error = broken()
    if (error !== undefined && !saved && isOrphaned()) {
      saved = true
      try {
        connection.exec('PRAGMA wal_checkpoint(PASSIVE)')
      } catch {
        // what can be saved is saved
      }
    }
    return error
  }
}

type Writing = { readonly write: Write; readonly broken: Lineage['broken'] }
type Reading = ReturnType<typeof reader>

const storeOn = (
  { connection, prepared: { write, broken } }: Opened<Writing>,
  { connection: readConnection, prepared: reading }: Opened<Reading>,
  { busyTimeoutMs, now, threads, guard, last, end }: Shared
): OpenedStore => {
  const { signal } = end
  const written = notices()
  const unusable = watching(guard, readConnection)
  const ended = (): StoreError | undefined => (signal.aborted ? disposedOf : undefined)
  const turns = transactions(connection, {
    unusable,
    broken: () => {
      last.written = 0
      return broken()
    },
    committed: () => {
      last.known = Math.max(last.known, last.written)
    }
  })
  const { readStream, readAll } = reading(busyTimeoutMs, { ended, unusable: () => ended() ?? unusable() })
  const group = groupCommit({
    connection,
    turns,
    write,
    threads,
    last,
    now,
    busyTimeoutMs,
    written: written.notify,
    failed: unusable
  })
  const writeNow = (append: Append): E.Either<AppendFailure, Appended> => {
    const packed = packAppend(append, now)
    return E.isLeft(packed) ? E.left({ _tag: 'NotWritten', error: packed.left }) : write(packed.right)
  }
  const atomically = appendAtomically(connection, turns, writeNow, written.notify, busyTimeoutMs, signal)
  let ending: Promise<void> | undefined
  const finish = async (): Promise<void> => {
    end.abort()
    written.notify()
    await group.idle()
    await turns.idle()
    await threads.end()
    const isUsable = unusable() === undefined
    readConnection.close()
    // a log that is another's must not be folded into the file
    if (isUsable) checkpoint(connection)
    guard.close()
    connection.close()
    await letGo()
  }
  const store: EventStore = {
    append: (append, withinMs) => () =>
      signal.aborted
        ? Promise.resolve(E.left({ _tag: 'NotWritten', error: disposedOf }))
        : group.append(append, withinMs),
    appendAtomically: (appends) => async () =>
      signal.aborted ? E.left({ _tag: 'NotWritten', error: disposedOf, index: 0 }) : atomically(appends)(),
    readStream: checkedRead(readStream),
    isRemoved: (stream, revision, withinMs) => async () =>
      pipe(
        await readStream(stream, 'backwards', revision, 1, withinMs)(),
        E.map((left) => left.length === 0)
      ),
    readAll,
    subscribe: followLog(readAll, written, pollMs),
    dispose: () => {
      ending ??= finish()
      return ending
    }
  }
  return alwaysCurrent(
    asyncDisposable(store, (it) => it.dispose()),
    signal
  )
}

/**
 * Opens a store with connections, or a thread, of another make, which is for tests: to see what is done with them, or to
 * fail.
 */
export const sqliteStoreBy =
  (connectTo: Connect, program: ThreadProgram = ownProgram) =>
  (options: SqliteStoreOptions): TaskEither<StoreError, OpenedStore> =>
  async () => {
    const wrong = optionsFault(options)
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
    if (E.isLeft(writing)) return writing
    const guard = logGuard(path)
    const refused = (error: StoreError, ...opened: ReadonlyArray<Opened<unknown>>): E.Either<StoreError, never> => {
      for (const { connection } of opened) connection.close()
      guard.close()
      return E.left(error)
    }
    const reading = await open({ ...how, check: 'none' }, (connection, schema) => reader(connection, schema, last))
    if (E.isLeft(reading)) return refused(reading.left, writing.right)
    const threads =
      mode === 'caller' || writing.right.schema !== schema2 || !mayWrite(path)
        ? noThreads
        : writerThreads(mode, program, () => ({ path, synchronous, busyTimeoutMs, inUse: guard.inUse() }))
    const error = guard.broken() ?? (mode === 'worker' ? await threads.start() : undefined)
    if (error !== undefined) return refused(error, writing.right, reading.right)
    const end = new AbortController()
    return E.right(storeOn(writing.right, reading.right, { busyTimeoutMs, now, threads, guard, last, end }))
  }

const byDriver = sqliteStoreBy(connect)

/**
 * A store in one SQLite file: WAL, durable by default, group commit, safe with several processes on the file.
 * Failures by tag: InvalidInput, NotAStore, UnsupportedVersion, AccessDenied, StoreReadOnly, StoreBusy, StoreFull,
 * StoreUnavailable (which it is too where the driver is not installed).
 */
export const openSqliteStoreTaskEither = (options: SqliteStoreOptions): TaskEither<StoreError, OpenedStore> => {
  const missing = driverFault()
  return missing === undefined ? byDriver(options) : TE.left(missing)
}
