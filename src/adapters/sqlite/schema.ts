import type { StoreError } from '../../application/ports/event-store.ts'
import { failure } from '../../domain/failure.ts'
import { quoted } from '../../domain/text.ts'
import type { Connection, Row } from './connection.ts'
import { rollBack } from './transactions.ts'

/** "keyf" in ASCII: marks the file as keyfold's in SQLite's own header. */
const applicationId = 0x6b657966

const schemaVersion = 1

const table = `CREATE TABLE events (
  position INTEGER PRIMARY KEY AUTOINCREMENT,
  stream TEXT NOT NULL,
  revision INTEGER NOT NULL,
  id TEXT NOT NULL,
  type TEXT NOT NULL,
  data TEXT NOT NULL,
  metadata TEXT NOT NULL,
  recorded_at_ms INTEGER NOT NULL,
  UNIQUE (stream, revision)
) STRICT`

const mark = `PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${schemaVersion};`

/** The index that answers for `UNIQUE (stream, revision)`, by the name that SQLite gives it. */
export const streamIndex = 'sqlite_autoindex_events_1'

const form = (...parts: ReadonlyArray<string>): string => parts.join('\n')

/** All that `sqlite_schema` holds of a store. */
const ours: ReadonlySet<string> = new Set([
  form('table', 'events', 'events', table),
  form('index', streamIndex, 'events', ''),
  form('table', 'sqlite_sequence', 'sqlite_sequence', 'CREATE TABLE sqlite_sequence(name,seq)')
])

/** What ANALYZE leaves behind, in SQLite's own words: it steers how rows are found, and not which. */
const allowed: ReadonlySet<string> = new Set([
  form('table', 'sqlite_stat1', 'sqlite_stat1', 'CREATE TABLE sqlite_stat1(tbl,idx,stat)'),
  form('table', 'sqlite_stat4', 'sqlite_stat4', 'CREATE TABLE sqlite_stat4(tbl,idx,neq,nlt,ndlt,sample)')
])

/** As bytes, and no more of them than ours could have: the texts may be damaged, or endless. */
const objects = `SELECT ${['type', 'name', 'tbl_name', 'sql']
  .map((column) => `CAST(substr(CAST(coalesce(${column}, '') AS BLOB), 1, 1024) AS BLOB)`)
  .join(', ')} FROM sqlite_schema LIMIT 16`

const textOf = (bytes: unknown): string => (Buffer.isBuffer(bytes) ? bytes.toString('utf8') : '')

const formOf = (row: Row): string => form(...row.map(textOf))

const single = (connection: Connection, sql: string): unknown => connection.prepare(sql).rows([])[0]?.[0]

const number = (connection: Connection, sql: string): number => Number(single(connection, sql) ?? 0)

const notOurs = (what: string): StoreError => failure('NotAStore', `the schema of the file is not keyfold's: ${what}`)

/**
 * What makes the schema another than keyfold's. A trigger, a second table or a view could take back, change or hold up
 * what is written; without its index a table takes the same revision twice.
 */
const strange = (rows: ReadonlyArray<Row>): StoreError | undefined => {
  const found = new Set(rows.map(formOf))
  for (const one of rows) {
    const its = formOf(one)
    if (!ours.has(its) && !allowed.has(its)) return notOurs(`${quoted(textOf(one[0]))} "${quoted(textOf(one[1]))}"`)
  }
  return [...ours].every((one) => found.has(one)) ? undefined : notOurs('a part of it is missing')
}

/** Compares the schema with keyfold's, exactly. */
export const schemaFault = (connection: Connection): StoreError | undefined =>
  strange(connection.prepare(objects).rows([]))

/** Whose a file is, by the marks in its header. Reads only. */
export const ownerOf = (connection: Connection): 'ours' | 'nobody' | StoreError => {
  const owner = number(connection, 'PRAGMA application_id')
  const version = number(connection, 'PRAGMA user_version')
  if (owner === 0 && version === 0) return 'nobody'
  if (owner !== applicationId) return failure('NotAStore', 'the file is a database of another application')
  if (version > schemaVersion) {
    return failure(
      'UnsupportedVersion',
      `store schema version ${version} is newer than supported version ${schemaVersion}`
    )
  }
  return version >= 1 ? 'ours' : failure('NotAStore', 'the file is damaged: its version is gone')
}

/** What a file is: keyfold's, nobody's yet, keyfold's but for its marks, or not for keyfold to touch. Reads only. */
export const identify = (connection: Connection): 'ours' | 'empty' | 'unmarked' | StoreError => {
  const owner = ownerOf(connection)
  if (typeof owner === 'object') return owner
  if (number(connection, "SELECT encoding <> 'UTF-8' FROM pragma_encoding") !== 0) return notOurs('its text encoding')
  const rows = connection.prepare(objects).rows([])
  if (owner === 'nobody' && rows.length === 0) return 'empty'
  const fault = strange(rows)
  if (owner === 'ours') return fault ?? 'ours'
  // a dump keeps the tables and loses the marks: what has exactly ours was one
  return fault === undefined ? 'unmarked' : failure('NotAStore', 'the file is a database of another application')
}

/** Makes an empty file keyfold's, or marks one that lost its marks, unless another process was quicker. */
export const initialise = (connection: Connection): void => {
  connection.exec('BEGIN IMMEDIATE')
  try {
    const found = identify(connection)
    if (found === 'empty') connection.exec(`${table}; ${mark}`)
    if (found === 'unmarked') connection.exec(mark)
    connection.exec('COMMIT')
  } catch (cause) {
    rollBack(connection)
    throw cause
  }
}

/** Whether the file keeps a write-ahead log; it is told to. Without one, readers and writers would be in each other's way. */
export const keepsLog = (connection: Connection): boolean =>
  single(connection, 'PRAGMA journal_mode') === 'wal' || single(connection, 'PRAGMA journal_mode = WAL') === 'wal'
