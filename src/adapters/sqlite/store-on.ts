import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
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
import { appendAtomically } from './append-atomically.ts'
import type { Connection } from './connection.ts'
import { groupCommit } from './group-commit.ts'
import type { KeptViews } from './inline/kept-views.ts'
import { levelKeeper } from './inline/level-keeper.ts'
import { letGo } from './let-go.ts'
import type { LastPosition, Lineage } from './lineage.ts'
import type { LogGuard } from './log-guard.ts'
import { namingFile, namingFileOf } from './naming-file.ts'
import type { Opened } from './open.ts'
import { packAppend } from './packed-append.ts'
import type { reader } from './reader.ts'
import { transactions } from './transactions.ts'
import type { WriterThreads } from './worker/threads.ts'
import type { Write } from './writer.ts'

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
export type Shared = {
  /** Absolute. */
  readonly path: string
  readonly busyTimeoutMs: number
  readonly now: () => number
  readonly threads: WriterThreads
  readonly guard: LogGuard
  readonly last: LastPosition
  readonly end: AbortController
  /** The views that are kept in the same transactions, where there are any. */
  readonly kept: KeptViews | undefined
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

/** Tells of each append that was written, and where; not of one that was there already. */
const telling =
  (write: Write, last: LastPosition, wrote: KeptViews['wrote']): Write =>
  (append) => {
    const before = Math.max(last.known, last.written)
    const result = write(append)
    if (last.written > before) wrote(append, before + 1)
    return result
  }

export type Writing = { readonly write: Write; readonly broken: Lineage['broken'] }
export type Reading = ReturnType<typeof reader>

/** The store over its connections. */
export const storeOn = (
  { connection, prepared: { write: writePlainly, broken } }: Opened<Writing>,
  { connection: readConnection, prepared: reading }: Opened<Reading>,
  { path, busyTimeoutMs, now, threads, guard, last, end, kept }: Shared
): OpenedStore => {
  const { signal } = end
  const written = notices()
  const unusable = watching(guard, readConnection)
  const ended = (): StoreError | undefined => (signal.aborted ? disposedOf : undefined)
  const turns = transactions(connection, {
    unusable,
    broken: () => {
      last.written = 0
      kept?.begin()
      return broken()
    },
    committed: () => {
      last.known = Math.max(last.known, last.written)
      kept?.committed()
    }
  })
  const write = kept === undefined ? writePlainly : telling(writePlainly, last, kept.wrote)
  const keeper = kept && levelKeeper(connection, turns, kept, busyTimeoutMs)
  const plain = reading(busyTimeoutMs, { ended, unusable: () => ended() ?? unusable() })
  const naming = namingFile(path)
  const namingFailure = namingFileOf(path)
  const readStream: EventStore['readStream'] =
    (...asked) =>
    () =>
      plain
        .readStream(...asked)()
        .then(E.mapLeft(naming))
  const readAll: EventStore['readAll'] =
    (...asked) =>
    () =>
      plain
        .readAll(...asked)()
        .then(E.mapLeft(naming))
  const group = groupCommit({
    connection,
    turns,
    write,
    threads,
    last,
    now,
    busyTimeoutMs,
    beforeCommit: keeper?.beforeCommit,
    written: written.notify,
    failed: unusable
  })
  const writeNow = (append: Append): E.Either<AppendFailure, Appended> => {
    const packed = packAppend(append, now)
    return E.isLeft(packed) ? E.left({ _tag: 'NotWritten', error: packed.left }) : write(packed.right)
  }
  const atomically = appendAtomically(
    connection,
    turns,
    writeNow,
    written.notify,
    busyTimeoutMs,
    signal,
    keeper?.beforeCommit
  )
  let ending: Promise<void> | undefined
  const finish = async (): Promise<void> => {
    end.abort()
    keeper?.end()
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
    await letGo(isUsable ? path : undefined)
  }
  const store: EventStore = {
    append: (append, withinMs) => () =>
      signal.aborted
        ? Promise.resolve(E.left({ _tag: 'NotWritten', error: disposedOf }))
        : group.append(append, withinMs).then(E.mapLeft(namingFailure)),
    appendAtomically: (appends) => async () =>
      signal.aborted
        ? E.left({ _tag: 'NotWritten', error: disposedOf, index: 0 })
        : pipe(await atomically(appends)(), E.mapLeft(namingFailure)),
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
