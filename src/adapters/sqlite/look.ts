import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as E from 'fp-ts/Either'
import type { ReadAll, StoreError } from '../../application/ports/event-store.ts'
import { failure } from '../../domain/failure.ts'
import { connectedTo } from './connected-to.ts'
import { type Connection, connect } from './connection.ts'
import type { FileSchema } from './file-schema.ts'
import { letGo } from './let-go.ts'
import type { LastPosition } from './lineage.ts'
import { reader } from './reader.ts'
import { identify } from './schema.ts'
import { toStoreError } from './to-store-error.ts'
import { waitForLock } from './wait-for-lock.ts'

/** A store that is only looked at: what it is, and its log. */
export type Looked = {
  /** Of its schema, as `user_version` tells. */
  readonly version: number
  readonly readAll: ReadAll
  readonly dispose: () => Promise<void>
}

const settings = 'PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA busy_timeout = 0'

const schemaOf = (connection: Connection): E.Either<StoreError, FileSchema> => {
  const found = identify(connection)
  if (E.isLeft(found)) return found
  return found.right === 'empty'
    ? E.left(failure('NotAStore', 'the file holds nothing yet'))
    : E.right(found.right.schema)
}

const nothing = (): undefined => undefined

/**
 * Looks into a file that has a log beside it, and changes neither: a connection that may write would fold the log into the
 * file as it closes. The index of the log in shared memory must be there: SQLite would make it anew.
 */
export const look = async (file: string, busyTimeoutMs: number): Promise<E.Either<StoreError, Looked>> => {
  const location = `${pathToFileURL(resolve(file)).href}?mode=ro&readonly_shm=1`
  const last: LastPosition = { known: 0, written: 0 }
  const deadlineAt = performance.now() + busyTimeoutMs
  const attempt = (): E.Either<StoreError, Looked> =>
    connectedTo(connect, location, (connection) => {
      connection.exec(settings)
      const schema = schemaOf(connection)
      if (E.isLeft(schema)) return schema
      const { readAll } = reader(connection, schema.right, last)(busyTimeoutMs, { ended: nothing, unusable: nothing })
      const dispose = (): Promise<void> => {
        connection.close()
        return letGo()
      }
      return E.right({ version: schema.right.version, readAll, dispose })
    })
  try {
    return await waitForLock(() => deadlineAt, attempt)
  } catch (cause) {
    return E.left(toStoreError(cause))
  }
}
