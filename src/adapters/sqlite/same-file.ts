import { statSync } from 'node:fs'
import type { StoreError } from '../../application/ports/event-store.ts'
import { failure } from '../../domain/failure.ts'

const identityOf = (path: string): string | undefined => {
  try {
    const found = statSync(path, { bigint: true, throwIfNoEntry: false })
    return found && `${found.dev}/${found.ino}`
  } catch {
    return undefined
  }
}

const moved = failure('StoreUnavailable', 'the file was moved, removed or replaced since it was opened')

/**
 * Tells whether a path still leads to the file that it leads to now. SQLite goes on with a file that is gone: it would
 * take appends that nobody finds again, and others would begin a second store under the same name.
 */
export const sameFile = (path: string): (() => StoreError | undefined) => {
  const identity = identityOf(path)
  return () => (identity !== undefined && identityOf(path) === identity ? undefined : moved)
}
