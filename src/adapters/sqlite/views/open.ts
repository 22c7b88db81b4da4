import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as E from 'fp-ts/Either'
import type { StoreError } from '../../../application/ports/event-store.ts'
import { failure } from '../../../domain/failure.ts'
import { connectedTo } from '../connected-to.ts'
import type { Connect, Connection } from '../connection.ts'
import { lookAt, whyNotOpened } from '../path-fault.ts'
import { isMarked } from '../schema.ts'
import { isCannotOpen, toStoreError } from '../to-store-error.ts'
import { waitForLock } from '../wait-for-lock.ts'
import { openViewsInStore } from './open-in-store.ts'
import type { OpenedViews } from './opened-views.ts'
import { identify, initialise } from './schema.ts'

const settings = 'PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA busy_timeout = 0'

const fine = (): undefined => undefined

/** Whether a file is a store's: it is looked at without a trace, since a store is opened with more care. */
const isStore = (connect: Connect, path: string): boolean => {
  if (lookAt(path) !== 'file') return false
  let connection: Connection | undefined
  try {
    connection = connect(`${pathToFileURL(path).href}?immutable=1`)
    return isMarked(connection)
  } catch {
    return false
  } finally {
    connection?.close()
  }
}

/**
 * Opens a file of views, and makes one where there is none; or makes room for views in the file of a store. Nothing of
 * another file changes. What may not be written to is `StoreReadOnly`.
 */
export const openViews = async (
  connect: Connect,
  file: string,
  busyTimeoutMs: number
): Promise<E.Either<StoreError, OpenedViews>> => {
  const path = resolve(file)
  const deadlineAt = performance.now() + busyTimeoutMs
  /** The marks of a store may stand in its write-ahead log alone, which only a plain connection sees. */
  const attempt = (): E.Either<StoreError | 'A store', OpenedViews> => {
    const there = lookAt(path)
    if (typeof there === 'object') return E.left(there)
    return connectedTo(connect, path, (connection): E.Either<StoreError | 'A store', OpenedViews> => {
      connection.exec(settings)
      if (isMarked(connection)) return E.left('A store')
      const found = identify(connection)
      const made = E.isLeft(found) ? found : prepare(connection)
      if (E.isLeft(made)) return made
      const close = async (): Promise<void> => connection.close()
      return E.right({ connection, path, unusable: fine, broken: fine, log: undefined, close })
    })
  }
  if (isStore(connect, path)) return openViewsInStore(connect, path, busyTimeoutMs)
  try {
    const opened = await waitForLock(() => deadlineAt, attempt)
    if (E.isRight(opened)) return opened
    return opened.left === 'A store' ? openViewsInStore(connect, path, busyTimeoutMs) : E.left(opened.left)
  } catch (cause) {
    return E.left(isCannotOpen(cause) ? whyNotOpened(path, cause) : toStoreError(cause))
  }
}

/** A power cut may take the last commits with it, rows and checkpoints alike: what came after them is taken in again. */
const prepare = (connection: Connection): E.Either<StoreError, void> => {
  const made = initialise(connection)
  if (E.isLeft(made)) return made
  const [mode] = connection.prepare('PRAGMA journal_mode = WAL').row([]) ?? []
  if (mode !== 'wal') {
    return E.left(
      failure('StoreUnavailable', 'the file system here cannot share memory, which the write-ahead log needs')
    )
  }
  connection.exec('PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = 8388608')
  return E.right(undefined)
}
