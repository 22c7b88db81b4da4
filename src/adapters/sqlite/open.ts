import { closeSync, openSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import * as E from 'fp-ts/Either'
import type { StoreError } from '../../application/ports/event-store.ts'
import { failure } from '../../domain/failure.ts'
import { connectedTo } from './connected-to.ts'
import type { Connect, Connection } from './connection.ts'
import { damage } from './damage.ts'
import type { FileSchema } from './file-schema.ts'
import type { SqliteStoreOptions } from './options.ts'
import { noOtherLog } from './other-log.ts'
import { lookAt, whyNotOpened } from './path-fault.ts'
import { identify, initialise, keepsLog, ownerOf } from './schema.ts'
import { isCannotOpen, isReadOnly, toStoreError } from './to-store-error.ts'
import { isWaiting, waitForLock } from './wait-for-lock.ts'

/** How a store wants its connections. */
export type OpenOptions = {
  readonly connect: Connect
  /** Absolute. */
  readonly path: string
} & Required<Pick<SqliteStoreOptions, 'synchronous' | 'busyTimeoutMs' | 'check'>>

/** What a write-ahead log that grew keeps of its size once it starts anew, bytes. */
const maxLogBytes = 8 * 1024 * 1024

/** What a file says of itself is not run, and every page is looked at before it is used: it may be damaged, or forged. */
const distrust =
  'PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA recursive_triggers = OFF; PRAGMA busy_timeout = 0'

/** A connection, and what was prepared on it. */
export type Opened<A> = { readonly connection: Connection; readonly schema: FileSchema; readonly prepared: A }

/**
 * Looks at a file without a trace: a plain connection would roll a journal back, or fold a log in, that belongs to
 * another application. It sees the file alone, without the log; what it cannot tell, a plain connection tells.
 */
const foreign = (connect: Connect, path: string): StoreError | undefined => {
  let connection: Connection | undefined
  try {
    connection = connect(`${pathToFileURL(path).href}?immutable=1`)
    connection.exec(distrust)
    // what is marked as ours is judged with its log, where its schema may have been put right
    const owner = ownerOf(connection)
    if (owner !== 'nobody' && !('_tag' in owner)) return undefined
    const found = identify(connection)
    return E.isLeft(found) ? found.left : undefined
  } catch {
    return undefined
  } finally {
    connection?.close()
  }
}

const logging = (connection: Connection): StoreError | undefined => {
  try {
    if (keepsLog(connection)) return undefined
  } catch (cause) {
    // whoever may only read gets along without
    if (isReadOnly(cause)) return undefined
    throw cause
  }
  return failure('StoreUnavailable', 'the file system here cannot share memory, which the write-ahead log needs')
}

/** Makes the file a store where it is none yet, and the connection one of a store. */
const settle = (connection: Connection, synchronous: 'FULL' | 'NORMAL'): E.Either<StoreError, FileSchema> => {
  connection.exec(distrust)
  const found = identify(connection)
  if (E.isLeft(found)) return found
  const identity = found.right
  const schema = identity !== 'empty' && identity.isMarked ? E.right(identity.schema) : initialise(connection)
  if (E.isLeft(schema)) return schema
  const error = logging(connection)
  if (error !== undefined) return E.left(error)
  connection.exec(`PRAGMA synchronous = ${synchronous}; PRAGMA journal_size_limit = ${maxLogBytes}`)
  return schema
}

/** Keys and claims are for their owner alone: SQLite gives the log the mode of the file. One that is there keeps its own. */
const makePrivate = (path: string): void => {
  try {
    closeSync(openSync(path, 'wx', 0o600))
  } catch {
    // there already, or not to be made: SQLite tells which
  }
}

/** Opens one connection, waiting for another process that holds the file. Nothing of a file that is not ours changes. */
export const open = async <A>(
  { connect, path, synchronous, busyTimeoutMs, check }: OpenOptions,
  prepare: (connection: Connection, schema: FileSchema) => A
): Promise<E.Either<StoreError, Opened<A>>> => {
  const deadlineAt = performance.now() + busyTimeoutMs

  const attempt = (): E.Either<StoreError, Opened<A>> => {
    const there = lookAt(path)
    if (typeof there === 'object') return E.left(there)
    const stranger = there === 'file' ? foreign(connect, path) : undefined
    if (stranger !== undefined) return E.left(stranger)
    if (there === 'file') noOtherLog(connect, path)
    else makePrivate(path)
    return connectedTo(connect, path, (connection) => {
      const settled = settle(connection, synchronous)
      if (E.isLeft(settled)) return settled
      const schema = settled.right
      const fault = damage(connection, check, schema)
      return fault === undefined
        ? E.right({ connection, schema, prepared: prepare(connection, schema) })
        : E.left(fault)
    })
  }

  try {
    return await waitForLock(() => deadlineAt, attempt)
  } catch (cause) {
    if (isWaiting(cause)) return E.left(cause.waitedFor)
    return E.left(isCannotOpen(cause) ? whyNotOpened(path, cause) : toStoreError(cause))
  }
}
