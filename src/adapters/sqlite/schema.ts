import type { StoreError } from '../../application/ports/event-store.ts'
import { failure } from '../../domain/failure.ts'
import type { Connection } from './connection.ts'
import { rollBack } from './transactions.ts'

/** "keyf" in ASCII: marks the file as keyfold's in SQLite's own header. */
const applicationId = 0x6b657966

const schemaVersion = 1

const ddl = `
CREATE TABLE events (
  position INTEGER PRIMARY KEY AUTOINCREMENT,
  stream TEXT NOT NULL,
  revision INTEGER NOT NULL,
  id TEXT NOT NULL,
  type TEXT NOT NULL,
  data TEXT NOT NULL,
  metadata TEXT NOT NULL,
  recorded_at_ms INTEGER NOT NULL,
  UNIQUE (stream, revision)
) STRICT;
PRAGMA application_id = ${applicationId};
PRAGMA user_version = ${schemaVersion};
`

const single = (connection: Connection, sql: string): unknown => connection.prepare(sql).rows([])[0]?.[0]

const number = (connection: Connection, sql: string): number => Number(single(connection, sql) ?? 0)

/** What a file is: keyfold's, nobody's yet, or not for keyfold to touch. Reads only. */
export const identify = (connection: Connection): 'ours' | 'empty' | StoreError => {
  const owner = number(connection, 'PRAGMA application_id')
  const version = number(connection, 'PRAGMA user_version')
  if (owner === applicationId) {
    if (version > schemaVersion) {
      return failure(
        'UnsupportedVersion',
        `store schema version ${version} is newer than supported version ${schemaVersion}`
      )
    }
    const isThere = number(connection, "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'events'")
    return version >= 1 && isThere > 0 ? 'ours' : failure('NotAStore', 'the file is damaged: its tables are gone')
  }
  const tables = number(connection, 'SELECT count(*) FROM sqlite_schema')
  return owner === 0 && version === 0 && tables === 0
    ? 'empty'
    : failure('NotAStore', 'the file is a database of another application')
}

/** Makes an empty file keyfold's, unless another process was quicker. */
export const initialise = (connection: Connection): void => {
  connection.exec('BEGIN IMMEDIATE')
  try {
    if (identify(connection) === 'empty') connection.exec(ddl)
    connection.exec('COMMIT')
  } catch (cause) {
    rollBack(connection)
    throw cause
  }
}

/** Whether the file keeps a write-ahead log; it is told to. Without one, readers and writers would be in each other's way. */
export const keepsLog = (connection: Connection): boolean =>
  single(connection, 'PRAGMA journal_mode') === 'wal' || single(connection, 'PRAGMA journal_mode = WAL') === 'wal'
