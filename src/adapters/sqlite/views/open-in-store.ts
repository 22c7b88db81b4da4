import * as E from 'fp-ts/Either'
import type { StoreError } from '../../../application/ports/event-store.ts'
import { failure } from '../../../domain/failure.ts'
import type { Connect, Connection } from '../connection.ts'
import { letGo } from '../let-go.ts'
import { type LastPosition, lineage } from '../lineage.ts'
import { logGuard } from '../log-guard.ts'
import { open } from '../open.ts'
import { schema2 } from '../schema-2/schema-2.ts'
import { commitFailure, rollBack } from '../transactions.ts'
import { logWithin } from './log-within.ts'
import type { OpenedViews } from './opened-views.ts'
import { makeInStore } from './schema.ts'

const earlier = failure(
  'UnsupportedVersion',
  'the store in the file is of an earlier schema: open it as a store first, which migrates it'
)

/**
 * Opens the file of a store for its views, and makes room for them there. It is guarded as the store's own connections
 * are: what is written to a file that was replaced, or beside a log that was, could damage the events too.
 */
export const openViewsInStore = async (
  connect: Connect,
  path: string,
  busyTimeoutMs: number
): Promise<E.Either<StoreError, OpenedViews>> => {
  const last: LastPosition = { known: 0, written: 0 }
  const how = { connect, path, synchronous: 'NORMAL', busyTimeoutMs, check: 'none' } as const
  const opened = await open(how, (connection, schema) => {
    const { broken } = lineage(connection, schema, last, 'to write')
    const made = schema === schema2 ? makeRoom(connection, broken) : earlier
    return made === undefined ? E.right({ broken, log: logWithin(connection, last) }) : E.left(made)
  })
  if (E.isLeft(opened)) return opened
  const { connection, prepared } = opened.right
  if (E.isLeft(prepared)) {
    connection.close()
    return prepared
  }
  const guard = logGuard(path)
  const close = async (): Promise<void> => {
    guard.close()
    connection.close()
    await letGo(path)
  }
  return E.right({ connection, path, unusable: guard.broken, close, ...prepared.right })
}

/** In one transaction; a lock that is in the way is thrown, and waited for by who opens. */
const makeRoom = (connection: Connection, broken: () => StoreError | undefined): StoreError | undefined => {
  connection.exec('BEGIN IMMEDIATE')
  try {
    const fault = broken() ?? makeInStore(connection)
    // on a file that may not be written to BEGIN IMMEDIATE begins a read, and only a write tells
    if (fault === undefined) connection.exec(`PRAGMA user_version = ${schema2.version}`)
    else rollBack(connection)
    return fault ?? committed(connection)
  } catch (cause) {
    rollBack(connection)
    throw cause
  }
}

const committed = (connection: Connection): StoreError | undefined => {
  try {
    connection.exec('COMMIT')
    return undefined
  } catch (cause) {
    rollBack(connection)
    return commitFailure(cause).error
  }
}
