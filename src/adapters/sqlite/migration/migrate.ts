import * as E from 'fp-ts/Either'
import type { StoreError } from '../../../application/ports/event-store.ts'
import type { Connection } from '../connection.ts'
import { lastPositionFault } from '../lineage.ts'
import { logGuard } from '../log-guard.ts'
import { type OpenOptions, open } from '../open.ts'
import { identify, markOf } from '../schema.ts'
import { schema1 } from '../schema-1/schema-1.ts'
import { make, schema2 } from '../schema-2/schema-2.ts'
import { toStoreError } from '../to-store-error.ts'
import { rollBack, transactions } from '../transactions.ts'
import { copyEvents } from './copy-events.ts'
import { eventsIn } from './events-in.ts'
import { type OnMigration, progressOf } from './progress.ts'
import { verifyCopy } from './verify-copy.ts'

const number = (connection: Connection, sql: string): number => Number(connection.prepare(sql).row([])?.[0] ?? 0)

/** Writes all events anew in the open transaction, and reads them back; `source` reads them as they were. */
const rewrite = async (
  connection: Connection,
  source: Connection,
  onMigration: OnMigration
): Promise<StoreError | undefined> => {
  const last = number(source, schema1.lastPosition)
  const fault = lastPositionFault(last)
  if (fault !== undefined) return fault
  const before = eventsIn(source, schema1, last)
  const progress = progressOf(number(source, 'SELECT count(*) FROM events'), onMigration)
  // its pages are free from here on, so that the file does not grow
  connection.exec(`DROP TABLE events; ${make}; ${markOf(schema2)}`)
  // the events of the last positions may have been removed
  connection.exec(`INSERT INTO removed VALUES (1, ${last})`)
  return (
    (await copyEvents(before, connection, progress)) ??
    (await verifyCopy(before, eventsIn(connection, schema2, last), progress))
  )
}

/** Rewrites a file of schema 1 within the lock, unless another process was quicker. */
const migrateLocked = async (
  connection: Connection,
  source: Connection,
  onMigration: OnMigration
): Promise<StoreError | undefined> => {
  const found = identify(connection)
  if (E.isLeft(found)) return found.left
  if (found.right === 'empty' || found.right.schema === schema2) return undefined
  // from within the lock: nothing comes after what it reads
  source.exec('BEGIN')
  try {
    return await rewrite(connection, source, onMigration)
  } finally {
    rollBack(source)
  }
}

/**
 * Brings a file of schema 1 to the newest one in one transaction: all of it, read back and compared, or nothing. A
 * process that is not the first waits for the other one, and finds it done.
 */
export const migrate = async (
  connection: Connection,
  how: OpenOptions,
  onMigration: OnMigration
): Promise<StoreError | undefined> => {
  const deadlineAt = performance.now() + how.busyTimeoutMs
  const reading = await open({ ...how, check: 'none' }, () => undefined)
  if (E.isLeft(reading)) return reading.left
  const source = reading.right.connection
  const guard = logGuard(how.path)
  const { exclusively, commit } = transactions(connection, {
    unusable: guard.broken,
    broken: () => undefined,
    committed: () => undefined
  })
  const work = async (): Promise<StoreError | undefined> => {
    try {
      const failed = await migrateLocked(connection, source, onMigration)
      if (failed === undefined) return commit()?.error
      rollBack(connection)
      return failed
    } catch (cause) {
      rollBack(connection)
      return toStoreError(cause)
    }
  }
  const failed = await exclusively<StoreError | undefined>(
    () => deadlineAt,
    work,
    (error) => error
  )
  guard.close()
  source.close()
  return failed
}
