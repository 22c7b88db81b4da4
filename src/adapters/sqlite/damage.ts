import type { StoreError } from '../../application/ports/event-store.ts'
import { failure } from '../../domain/failure.ts'
import { quoted } from '../../domain/text.ts'
import type { Connection } from './connection.ts'
import { textOf } from './row.ts'

const checks = { quick: 'quick_check', full: 'integrity_check' }

/** Looks a file through for damage; the first that is found. */
export const damage = (connection: Connection, check: 'none' | 'quick' | 'full'): StoreError | undefined => {
  if (check === 'none') return undefined
  const pragma = checks[check]
  const found = textOf(connection.prepare(`SELECT CAST(${pragma} AS BLOB) FROM pragma_${pragma}(1)`).rows([])[0]?.[0])
  return found === 'ok'
    ? undefined
    : failure('NotAStore', `the file is damaged: ${quoted(found ?? 'nobody knows where')}`)
}
