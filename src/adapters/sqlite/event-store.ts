import { resolve } from 'node:path'
import * as E from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import type { EventStore, StoreError } from '../../application/ports/event-store.ts'
import { invalidInput } from '../../domain/failure.ts'
import { disposedOf } from '../disposed-of.ts'
import { followLog } from '../follow-log.ts'
import { checkedRead } from '../port-fault.ts'
import { signals } from '../signals.ts'
import { appendAtomically } from './append-atomically.ts'
import { type Connect, type Connection, connect } from './connection.ts'
import { groupCommit } from './group-commit.ts'
import { type Opened, type OpenOptions, open } from './open.ts'
import { type Reader, reader } from './reader.ts'
import { sameFile } from './same-file.ts'
import { transactions } from './transactions.ts'
import { type Write, writer } from './writer.ts'

export type SqliteStoreOptions = {
  /** The database file; made where there is none. Its folder must exist. */
  readonly file: string
  /** `FULL`, the default, survives power loss; `NORMAL` may lose the last commits to it, and is faster. */
  readonly synchronous?: 'FULL' | 'NORMAL'
  /** How long to wait for another process's lock before `StoreBusy`, ms. 5,000 where it is left out. */
  readonly busyTimeoutMs?: number
  /** The store's own time of recording, epoch ms. */
  readonly now?: () => number
}

/** How soon a subscription notices what other processes wrote, ms. */
const pollMs = 100

const fault = ({ file, synchronous = 'FULL', busyTimeoutMs = 0 }: SqliteStoreOptions): StoreError | undefined => {
  // a null character would end the process in the driver; SQLite has a meaning of its own for the other two
  if (file === '' || file === ':memory:' || file.includes('\0')) {
    return invalidInput('file must name a file; without one there is the memory store', '$.file')
  }
  if (synchronous !== 'FULL' && synchronous !== 'NORMAL') {
    return invalidInput('synchronous must be FULL or NORMAL', '$.synchronous')
  }
  return Number.isSafeInteger(busyTimeoutMs) && busyTimeoutMs >= 0
    ? undefined
    : invalidInput('busyTimeoutMs must be a whole number', '$.busyTimeoutMs')
}

type Shared = {
  readonly busyTimeoutMs: number
  readonly moved: () => StoreError | undefined
  readonly end: AbortController
}

/** Puts all of the log into the file itself, so that one file is the whole store. Others that use it go first. */
const checkpoint = (connection: Connection): void => {
  try {
    connection.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  } catch {
    // the log stays beside the file, and is read with it
  }
}

const storeOn = (
  { connection, prepared: write }: Opened<Write>,
  { connection: readConnection, prepared: { readStream, readAll } }: Opened<Reader>,
  { busyTimeoutMs, moved, end }: Shared
): EventStore => {
  const { signal } = end
  const written = signals()
  const turns = transactions(connection, moved)
  const group = groupCommit(connection, turns, write, written.notify, busyTimeoutMs)
  const atomically = appendAtomically(connection, turns, write, written.notify, busyTimeoutMs, signal)
  let ending: Promise<void> | undefined
  const finish = async (): Promise<void> => {
    end.abort()
    written.notify()
    await group.over()
    await turns.over()
    readConnection.close()
    checkpoint(connection)
    connection.close()
  }
  return {
    append: (append) => () =>
      signal.aborted ? Promise.resolve(E.left({ _tag: 'NotWritten', error: disposedOf })) : group.append(append),
    appendAtomically: (appends) => async () =>
      signal.aborted ? E.left({ _tag: 'NotWritten', error: disposedOf, index: 0 }) : atomically(appends)(),
    readStream: checkedRead(readStream),
    readAll,
    subscribe: followLog(readAll, written, pollMs),
    dispose: () => {
      ending ??= finish()
      return ending
    }
  }
}

/** Opens a store with connections of another make, which is for tests: to see what is done with them, or to fail. */
export const sqliteStoreBy =
  (connectTo: Connect) =>
  (options: SqliteStoreOptions): TaskEither<StoreError, EventStore> =>
  async () => {
    const wrong = fault(options)
    if (wrong !== undefined) return E.left(wrong)
    const { synchronous = 'FULL', busyTimeoutMs = 5000, now = Date.now } = options
    // absolute, since the driver takes what looks like an address for a server's
    const path = resolve(options.file)
    const how: OpenOptions = { connect: connectTo, path, synchronous, busyTimeoutMs }
    const writing = await open(how, (connection) => writer(connection, now))
    if (E.isLeft(writing)) return writing
    const moved = sameFile(path)
    const end = new AbortController()
    const unusable = (): StoreError | undefined => (end.signal.aborted ? disposedOf : moved())
    const reading = await open(how, (connection) => reader(connection, busyTimeoutMs, unusable))
    if (E.isLeft(reading)) {
      writing.right.connection.close()
      return reading
    }
    return E.right(storeOn(writing.right, reading.right, { busyTimeoutMs, moved, end }))
  }

/**
 * A store in one SQLite file: WAL, durable by default, group commit, safe with several processes on the file.
 * Failures by tag: InvalidInput, NotAStore, UnsupportedVersion, AccessDenied, StoreReadOnly, StoreBusy, StoreFull,
 * StoreUnavailable.
 */
export const sqliteStore = sqliteStoreBy(connect)
