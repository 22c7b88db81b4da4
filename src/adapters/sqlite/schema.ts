import type { StoreError } from '../../application/ports/event-store.ts'
import { failure } from '../../domain/failure.ts'
import type { Connection } from './connection.ts'

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

const single = (connection: Connection, sql: string): number => Number(connection.prepare(sql).rows([])[0]?.[0] ?? 0)

/** What a file is: keyfold's, nobody's yet, or not for keyfold to touch. Reads only. */
export const identify = (connection: Connection): 'ours' | 'empty' | StoreError => {
  const owner = single(connection, 'PRAGMA application_id')
  const version = single(connection, 'PRAGMA user_version')
  if (owner === applicationId) {
    return version <= schemaVersion
      ? 'ours'
      : failure(
          'UnsupportedVersion',
          `store schema version ${version} is newer than supported version ${schemaVersion}`
        )
  }
  const tables = single(connection, 'SELECT count(*) FROM sqlite_schema')
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
    connection.exec('ROLLBACK')
    throw cause
  }
}
