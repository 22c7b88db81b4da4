import { keeping } from '../../domain/parsing/parsed.ts'

/** For the options of all that cannot keep views within the append: who asks for it is told, and does not wait in vain. */
export const noInline = keeping(
  (value) => value === undefined,
  'is an option of openSqliteStore alone: only in the file of a SQLite store are views and events one transaction'
)
