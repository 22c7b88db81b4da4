import type { StoreError } from '../../application/ports/event-store.ts'
import { failure } from '../../domain/failure.ts'
import { quoted } from '../../domain/text.ts'
import type { Connection } from './connection.ts'
import type { FileSchema } from './file-schema.ts'
import { textOf } from './row.ts'

const checks = { quick: 'quick_check', full: 'integrity_check' }

/** What SQLite does not know to be damage: an event whose stream has lost its first. */
const headless = (connection: Connection, { headless: statement }: FileSchema): StoreError | undefined => {
  const position = statement === undefined ? undefined : connection.prepare(statement).row([])?.[0]
  return position === undefined
    ? undefined
    : failure(
        'NotAStore',
        `the file is damaged: the stream of the event at position ${position} has lost its first event`
      )
}

/** Looks a file through for damage; the first that is found. */
export const damage = (
  connection: Connection,
  check: 'none' | 'quick' | 'full',
  schema: FileSchema
): StoreError | undefined => {
  if (check === 'none') return undefined
  const pragma = checks[check]
  const found = textOf(connection.prepare(`SELECT CAST(${pragma} AS BLOB) FROM pragma_${pragma}(1)`).rows([])[0]?.[0])
  if (found !== 'ok') return failure('NotAStore', `the file is damaged: ${quoted(found ?? 'nobody knows where')}`)
  return check === 'full' ? headless(connection, schema) : undefined
}
