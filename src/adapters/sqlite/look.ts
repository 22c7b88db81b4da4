import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as E from 'fp-ts/Either'
import type { ReadAll, StoreError } from '../../application/ports/event-store.ts'
import { failure } from '../../domain/failure.ts'
import { connectedTo } from './connected-to.ts'
import { type Connection, connect } from './connection.ts'
import { letGo } from './let-go.ts'
import type { LastPosition } from './lineage.ts'
import { reader } from './reader.ts'
import { type Identity, identify } from './schema.ts'
import { toStoreError } from './to-store-error.ts'
import { waitForLock } from './wait-for-lock.ts'

/** A store that is only looked at: what it is, and its log. */
export type Looked = {
  /** Of its schema, as `user_version` tells. */
  readonly version: number
  /** Whether its header says whose it is; a dump loses that. */
  readonly isMarked: boolean
  readonly readAll: ReadAll
  readonly dispose: () => Promise<void>
}

const settings = 'PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA busy_timeout = 0'

const identityOf = (connection: Connection): E.Either<StoreError, Exclude<Identity, 'empty'>> => {
  const found = identify(connection)
  if (E.isLeft(found)) return found
  return found.right === 'empty' ? E.left(failure('NotAStore', 'the file holds nothing yet')) : E.right(found.right)
}

const nothing = (): undefined => undefined

/**
 * How a file is looked into. `shared`: beside others, with the log beside it, whose index in shared memory must be there, or
 * where it keeps none. `alone`: a file that keeps a log and has none; what others write meanwhile may come out as damage.
 */
export type LookHow = 'shared' | 'alone'

const asked: { readonly [how in LookHow]: string } = { shared: 'mode=ro&readonly_shm=1', alone: 'immutable=1' }

/**
 * Looks into a file, and changes nothing: a connection that may write would fold the log into the file as it closes, or make
 * shared memory where there is none.
 */
export const look = async (
  file: string,
  how: LookHow,
  busyTimeoutMs: number
): Promise<E.Either<StoreError, Looked>> => {
  const location = `${pathToFileURL(resolve(file)).href}?${asked[how]}`
  const last: LastPosition = { known: 0, written: 0 }
  const deadlineAt = performance.now() + busyTimeoutMs
  const attempt = (): E.Either<StoreError, Looked> =>
    connectedTo(connect, location, (connection) => {
      connection.exec(settings)
      const identity = identityOf(connection)
      if (E.isLeft(identity)) return identity
      const { schema, isMarked } = identity.right
      // at each read the header must say what it said
      const there = isMarked ? schema : { ...schema, version: 0 }
      const { readAll } = reader(connection, there, last)(busyTimeoutMs, { ended: nothing, unusable: nothing })
      const dispose = (): Promise<void> => {
        connection.close()
        return letGo()
      }
      return E.right({ version: schema.version, isMarked, readAll, dispose })
    })
  try {
    return await waitForLock(() => deadlineAt, attempt)
  } catch (cause) {
    return E.left(toStoreError(cause))
  }
}
