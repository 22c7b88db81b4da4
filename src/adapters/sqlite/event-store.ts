import { setTimeout as sleep } from 'node:timers/promises'
import * as E from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import type { EventStore, StoreError } from '../../application/ports/event-store.ts'
import { failure } from '../../domain/failure.ts'
import { followLog } from '../follow-log.ts'
import { signals } from '../signals.ts'
import { appendAtomically } from './append-atomically.ts'
import { type Connection, connect } from './connection.ts'
import { groupCommit, transactions } from './group-commit.ts'
import { reader } from './reader.ts'
import { identify, initialise } from './schema.ts'
import { isBusy, toStoreError } from './to-store-error.ts'
import { writer } from './writer.ts'

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

const prepare = (connection: Connection, synchronous: 'FULL' | 'NORMAL'): StoreError | undefined => {
  const found = identify(connection)
  if (typeof found === 'object') return found
  connection.exec('PRAGMA busy_timeout = 0')
  // an existing store is in WAL mode already, and need not be writable to be read
  if (found === 'empty') {
    connection.exec('PRAGMA journal_mode = WAL')
    initialise(connection)
  }
  connection.exec(`PRAGMA synchronous = ${synchronous}`)
  return undefined
}

/** Opens one connection; waits for another process that holds the file. */
const open = async (
  file: string,
  synchronous: 'FULL' | 'NORMAL',
  busyTimeoutMs: number
): Promise<E.Either<StoreError, Connection>> => {
  const deadline = performance.now() + busyTimeoutMs
  for (;;) {
    let connection: Connection | undefined
    try {
      connection = connect(file)
      const error = prepare(connection, synchronous)
      if (error === undefined) return E.right(connection)
      connection.close()
      return E.left(error)
    } catch (cause) {
      connection?.close()
      if (!isBusy(cause) || performance.now() >= deadline) return E.left(toStoreError(cause))
    }
    await sleep(10)
  }
}

/**
 * A store in one SQLite file: WAL, durable by default, group commit, safe with several processes on the file.
 * Failures by tag: NotAStore, UnsupportedVersion, StoreReadOnly, StoreBusy, StoreFull, StoreUnavailable.
 */
export const sqliteStore =
  ({
    file,
    synchronous = 'FULL',
    busyTimeoutMs = 5000,
    now = Date.now
  }: SqliteStoreOptions): TaskEither<StoreError, EventStore> =>
  async () => {
    const writing = await open(file, synchronous, busyTimeoutMs)
    if (E.isLeft(writing)) return writing
    const reading = await open(file, synchronous, busyTimeoutMs)
    if (E.isLeft(reading)) {
      writing.right.close()
      return reading
    }
    const over = failure('StoreUnavailable', 'the store is disposed of')
    let disposed = false
    const closed = (): StoreError | undefined => (disposed ? over : undefined)
    const written = signals()
    const turns = transactions(writing.right, busyTimeoutMs)
    const write = writer(writing.right, now)
    const commit = groupCommit(writing.right, turns, write, written.notify)
    const atomically = appendAtomically(writing.right, turns, write, written.notify)
    const { readStream, readAll } = reader(reading.right, closed)
    const running = new Set<Promise<unknown>>()
    const tracked = <A>(work: Promise<A>): Promise<A> => {
      const entry = work.finally(() => running.delete(entry))
      running.add(entry)
      return entry
    }
    return E.right({
      append: (append) => async () =>
        disposed ? E.left({ _tag: 'NotWritten', error: over }) : tracked(commit(append)),
      appendAtomically: (appends) => async () =>
        disposed ? E.left({ _tag: 'NotWritten', error: over, index: 0 }) : tracked(atomically(appends)()),
      readStream,
      readAll,
      subscribe: followLog(readAll, written, pollMs),
      dispose: async () => {
        if (disposed) return
        disposed = true
        written.notify()
        await Promise.allSettled([...running])
        reading.right.close()
        writing.right.close()
      }
    })
  }
