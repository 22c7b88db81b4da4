import * as E from 'fp-ts/Either'
import type { StoreError } from '../../application/ports/event-store.ts'
import { failure } from '../../domain/failure.ts'
import { quoted } from '../../domain/text.ts'
import type { Connection, Row } from './connection.ts'
import { type FileSchema, form } from './file-schema.ts'
import { schema1 } from './schema-1/schema-1.ts'
import { make, schema2 } from './schema-2/schema-2.ts'
import { rollBack } from './transactions.ts'
import { idOfViews, isOfViews } from './views/forms.ts'

/** "keyf" in ASCII: marks the file as a store of keyfold's in SQLite's own header. */
export const idOfStores = 0x6b657966

const schemas: ReadonlyArray<FileSchema> = [schema2, schema1]

/** What this build makes and writes. */
const newest = schema2

export const markOf = ({ version }: FileSchema): string =>
  `PRAGMA application_id = ${idOfStores}; PRAGMA user_version = ${version};`

/** What ANALYZE leaves behind, in SQLite's own words: it steers how rows are found, and not which. */
const ofAnalyze: ReadonlySet<string> = new Set([
  form('table', 'sqlite_stat1', 'sqlite_stat1', 'CREATE TABLE sqlite_stat1(tbl,idx,stat)'),
  form('table', 'sqlite_stat4', 'sqlite_stat4', 'CREATE TABLE sqlite_stat4(tbl,idx,neq,nlt,ndlt,sample)')
])

/** More of them no keyfold makes. Each may be one of views: a table of 64 columns takes some 4,000 bytes. */
const [mostObjects, mostBytes] = [4096, 8192]

/** As bytes, and no more of them than ours could have: the texts may be damaged, or endless. */
const objects = `SELECT ${['type', 'name', 'tbl_name', 'sql']
  .map((column) => `CAST(substr(CAST(coalesce(${column}, '') AS BLOB), 1, ${mostBytes}) AS BLOB)`)
  .join(', ')} FROM sqlite_schema LIMIT ${mostObjects}`

const textOf = (bytes: unknown): string => (Buffer.isBuffer(bytes) ? bytes.toString('utf8') : '')

const formOf = (row: Row): string => form(...row.map(textOf))

const single = (connection: Connection, sql: string): unknown => connection.prepare(sql).rows([])[0]?.[0]

const number = (connection: Connection, sql: string): number => Number(single(connection, sql) ?? 0)

const notOurs = (what: string): StoreError => failure('NotAStore', `the schema of the file is not keyfold's: ${what}`)

/**
 * What makes the schema another than keyfold's. A trigger, a second table or a view could take back, change or hold up
 * what is written, but for those of keyfold's own views (`views/forms.ts`); without its indexes a table takes the same
 * revision twice.
 */
const strange = (rows: ReadonlyArray<Row>, { objects: ours, allowed }: FileSchema): StoreError | undefined => {
  const found = new Set(rows.map(formOf))
  for (const one of rows) {
    const its = formOf(one)
    if (ours.has(its) || allowed.has(its) || ofAnalyze.has(its) || isOfViews(its)) continue
    return notOurs(`${quoted(textOf(one[0]))} "${quoted(textOf(one[1]))}"`)
  }
  return [...ours].every((one) => found.has(one)) ? undefined : notOurs('a part of it is missing')
}

/** Compares the schema with keyfold's, exactly. */
export const schemaFault = (connection: Connection, schema: FileSchema): StoreError | undefined =>
  strange(connection.prepare(objects).rows([]), schema)

const gone = failure('NotAStore', 'the file is damaged: its version is gone')

const newer = (version: number): StoreError =>
  failure('UnsupportedVersion', `store schema version ${version} is newer than supported version ${newest.version}`)

/** Why a file that was opened with one schema is not to be used by it any more: another keyfold may have migrated it. */
export const versionFault = (schema: FileSchema, version: unknown): StoreError | undefined => {
  if (version === schema.version) return undefined
  if (typeof version !== 'number' || version < schema.version) return gone
  return version > newest.version
    ? newer(version)
    : failure('StoreUnavailable', 'another process has migrated the file: open it again')
}

/** Whether a file says that it is a store of keyfold's, of whatever version. Reads only. */
export const isMarked = (connection: Connection): boolean => number(connection, 'PRAGMA application_id') === idOfStores

const ofViews = failure(
  'NotAStore',
  'the file holds views of keyfold alone, and no events: where both are to be in one file, open the store first'
)

/** Whose a file is, by the marks in its header. Reads only. */
export const ownerOf = (connection: Connection): FileSchema | 'nobody' | StoreError => {
  const owner = number(connection, 'PRAGMA application_id')
  const version = number(connection, 'PRAGMA user_version')
  if (owner === 0 && version === 0) return 'nobody'
  if (owner === idOfViews) return ofViews
  if (owner !== idOfStores) return failure('NotAStore', 'the file is a database of another application')
  if (version > newest.version) return newer(version)
  return schemas.find((schema) => schema.version === version) ?? gone
}

/** What a file is: keyfold's, perhaps without its marks, or nobody's yet. */
export type Identity = { readonly schema: FileSchema; readonly isMarked: boolean } | 'empty'

/** What a file is, or why it is not for keyfold to touch. Reads only. */
export const identify = (connection: Connection): E.Either<StoreError, Identity> => {
  const owner = ownerOf(connection)
  if (owner !== 'nobody' && '_tag' in owner) return E.left(owner)
  if (number(connection, "SELECT encoding <> 'UTF-8' FROM pragma_encoding") !== 0)
    return E.left(notOurs('its text encoding'))
  const rows = connection.prepare(objects).rows([])
  if (owner !== 'nobody') {
    const fault = strange(rows, owner)
    return fault === undefined ? E.right({ schema: owner, isMarked: true }) : E.left(fault)
  }
  if (rows.length === 0) return E.right('empty')
  // a dump keeps the tables and loses the marks: what has exactly ours was one
  const schema = schemas.find((one) => strange(rows, one) === undefined)
  return schema === undefined
    ? E.left(failure('NotAStore', 'the file is a database of another application'))
    : E.right({ schema, isMarked: false })
}

/** Makes an empty file keyfold's, or marks one that lost its marks, unless another process was quicker. */
export const initialise = (connection: Connection): E.Either<StoreError, FileSchema> => {
  connection.exec('BEGIN IMMEDIATE')
  try {
    const found = identify(connection)
    if (E.isLeft(found)) {
      rollBack(connection)
      return found
    }
    const identity = found.right
    if (identity === 'empty') connection.exec(`${make}; ${markOf(newest)}`)
    else if (!identity.isMarked) connection.exec(markOf(identity.schema))
    connection.exec('COMMIT')
    return E.right(identity === 'empty' ? newest : identity.schema)
  } catch (cause) {
    rollBack(connection)
    throw cause
  }
}

/** Whether the file keeps a write-ahead log; it is told to. Without one, readers and writers would be in each other's way. */
export const keepsLog = (connection: Connection): boolean =>
  single(connection, 'PRAGMA journal_mode') === 'wal' || single(connection, 'PRAGMA journal_mode = WAL') === 'wal'
