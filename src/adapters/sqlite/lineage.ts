import type { StoreError } from '../../application/ports/event-store.ts'
import { failure } from '../../domain/failure.ts'
import type { Connection } from './connection.ts'
import { schemaFault } from './schema.ts'

/** Watches that a file goes on as it was: with keyfold's schema, and with all that it held before. */
export type Lineage = {
  /** To be asked within a transaction, of its connection. Throws what SQLite throws. */
  readonly broken: () => StoreError | undefined
}

/** The last position that this process knows of, and the last that the open transaction has written. */
export type LastPosition = { known: number; written: number }

const damaged = failure('NotAStore', 'the file is damaged: it does not know how many events it holds')

const rolledBack = failure(
  'StoreUnavailable',
  'the file has lost events that it held before: it was rolled back or replaced under way'
)

/** AUTOINCREMENT refuses to go on at the end of its numbers, as if the disk were full. */
const lastPositionThere = Number.MAX_SAFE_INTEGER - 2 ** 32

/** What `sqlite_sequence` holds never goes back, even where events are removed. */
const look = `SELECT CAST((SELECT seq FROM sqlite_sequence WHERE name = 'events') AS INTEGER), schema_version
  FROM pragma_schema_version`

export const lineage = (connection: Connection, last: LastPosition): Lineage => {
  const looking = connection.prepare(look)
  // a connection opens the log with its first look at the file
  looking.row([])
  let schemaSeen: unknown
  return {
    broken: () => {
      const [position, schema] = looking.row([]) ?? []
      if (schema !== schemaSeen) {
        const fault = schemaFault(connection)
        if (fault !== undefined) return fault
        schemaSeen = schema
      }
      const there = position ?? 0
      if (typeof there !== 'number' || there < 0 || there > lastPositionThere) return damaged
      if (there < last.known) return rolledBack
      last.known = there
      return undefined
    }
  }
}
