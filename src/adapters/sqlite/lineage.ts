import type { StoreError } from '../../application/ports/event-store.ts'
import { failure } from '../../domain/failure.ts'
import type { Connection } from './connection.ts'
import type { FileSchema } from './file-schema.ts'
import { schemaFault, versionFault } from './schema.ts'
import { isCorrupt } from './to-store-error.ts'

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

/** Beyond it positions would not be whole numbers for long. */
const lastPositionThere = Number.MAX_SAFE_INTEGER - 2 ** 32

/** Why a file cannot have got so far. */
export const lastPositionFault = (there: unknown): StoreError | undefined =>
  typeof there !== 'number' || there < 0 || there > lastPositionThere ? damaged : undefined

export const lineage = (
  connection: Connection,
  schema: FileSchema,
  last: LastPosition,
  needs: 'to read' | 'to write'
): Lineage => {
  // two statements, each of one number: one by SQLite's functions for pragmas is compiled anew inside at each look
  const versionThere = connection.prepare('PRAGMA user_version')
  const schemaThere = connection.prepare('PRAGMA schema_version')
  const end = connection.prepare(schema.lastPosition)
  // a connection opens the log with its first look at the file
  versionThere.row([])
  let schemaSeen: unknown

  /** Whoever reads gets along without the end of the log: what lies there is damaged, and the rest is not. */
  const lastPosition = (): unknown => {
    try {
      return end.row([])?.[0] ?? 0
    } catch (cause) {
      if (needs === 'to write' || !isCorrupt(cause)) throw cause
      return last.known
    }
  }

  return {
    broken: () => {
      const moved = versionFault(schema, versionThere.row([])?.[0])
      if (moved !== undefined) return moved
      const seen = schemaThere.row([])?.[0]
      if (seen !== schemaSeen) {
        const fault = schemaFault(connection, schema)
        if (fault !== undefined) return fault
        schemaSeen = seen
      }
      const there = lastPosition()
      const fault = lastPositionFault(there)
      if (fault !== undefined) return fault
      if (Number(there) < last.known) return rolledBack
      last.known = Number(there)
      return undefined
    }
  }
}
