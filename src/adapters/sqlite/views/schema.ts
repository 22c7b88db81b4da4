import * as E from 'fp-ts/Either'
import type { StoreError } from '../../../application/ports/event-store.ts'
import type { ViewShape } from '../../../application/ports/view-store.ts'
import { failure } from '../../../domain/failure.ts'
import type { Connection } from '../connection.ts'

/** "keyv" in ASCII: marks a file of views in SQLite's own header. */
const applicationId = 0x6b657976

const newest = 1

const make = `
CREATE TABLE generations (
  id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, version INTEGER NOT NULL, category TEXT NOT NULL,
  partitions INTEGER NOT NULL, standing TEXT NOT NULL CHECK (standing IN ('live', 'building')), columns TEXT NOT NULL,
  UNIQUE (name, standing)
) STRICT;
CREATE TABLE checkpoints (
  generation INTEGER NOT NULL, partition INTEGER NOT NULL, seq INTEGER NOT NULL, epoch INTEGER NOT NULL,
  position TEXT NOT NULL, anchor TEXT, events INTEGER NOT NULL, recorded_at_ms INTEGER, applied_at_ms INTEGER NOT NULL,
  rate REAL NOT NULL, PRIMARY KEY (generation, partition)
) STRICT, WITHOUT ROWID;
CREATE TABLE parked (
  generation INTEGER NOT NULL, record_id TEXT NOT NULL, partition INTEGER NOT NULL, position TEXT NOT NULL, stream TEXT,
  revision TEXT, last_revision TEXT, waiting INTEGER NOT NULL, tag TEXT NOT NULL, reason TEXT NOT NULL,
  parked_at_ms INTEGER NOT NULL, PRIMARY KEY (generation, record_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE skipped (
  name TEXT NOT NULL, record_id TEXT NOT NULL, revision TEXT, position TEXT NOT NULL, actor TEXT NOT NULL,
  reason TEXT NOT NULL, skipped_at_ms INTEGER NOT NULL, PRIMARY KEY (name, position)
) STRICT, WITHOUT ROWID;
PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${newest};`

const number = (connection: Connection, sql: string): number => Number(connection.prepare(sql).row([])?.[0] ?? 0)

/** Whose a file is: of views, nobody's yet, or why it is not to be touched. Reads only. */
export const identify = (connection: Connection): E.Either<StoreError, 'views' | 'empty'> => {
  const owner = number(connection, 'PRAGMA application_id')
  const version = number(connection, 'PRAGMA user_version')
  if (owner === applicationId) {
    if (version === newest) return E.right('views')
    return E.left(
      failure(
        'UnsupportedVersion',
        `the file of views is of version ${version}, and this keyfold knows version ${newest}`
      )
    )
  }
  if (owner === 0 && version === 0 && number(connection, 'SELECT count(*) FROM sqlite_schema') === 0) {
    return E.right('empty')
  }
  return E.left(failure('NotAStore', 'the file is a database, and not one of keyfold’s views'))
}

/** Makes an empty file one of views, unless another process was quicker. */
export const initialise = (connection: Connection): E.Either<StoreError, void> => {
  connection.exec('BEGIN IMMEDIATE')
  try {
    const found = identify(connection)
    // on a file that may not be written to BEGIN IMMEDIATE begins a read, and only a write tells
    if (E.isRight(found)) connection.exec(found.right === 'empty' ? make : `PRAGMA user_version = ${newest}`)
    connection.exec('COMMIT')
    return E.isLeft(found) ? found : E.right(undefined)
  } catch (cause) {
    connection.exec('ROLLBACK')
    throw cause
  }
}

const types = { text: 'TEXT', integer: 'INTEGER', real: 'REAL' } as const

/** Names come from a projection that was checked: they hold small letters, digits and "_" alone. */
export const quote = (name: string): string => `"${name}"`

export const tableOf = (generation: number): string => `view_${generation}`

/** The table of a build, with its indexes. */
export const makeBuild = (generation: number, { columns, indexes }: ViewShape): string => {
  const table = tableOf(generation)
  const more = Object.entries(columns).map(([name, type]) => `, ${quote(name)} ${types[type]}`)
  const over = indexes.map(
    (names, index) => `CREATE INDEX ${table}_${index} ON ${table} (${names.map(quote).join(', ')});`
  )
  return `CREATE TABLE ${table} (
    row TEXT NOT NULL, partition INTEGER NOT NULL, state TEXT NOT NULL${more.join('')}, PRIMARY KEY (row, partition)
  ) STRICT, WITHOUT ROWID; ${over.join(' ')}`
}

export const hideBuild = (name: string): string => `DROP VIEW IF EXISTS ${quote(name)};`

/** What readers by SQL see under the projection's name: the live build, whichever that is. */
export const showBuild = (name: string, generation: number, columns: ReadonlyArray<string>): string => {
  const shown = ['row', ...columns, 'state', 'partition'].map(quote).join(', ')
  return `${hideBuild(name)} CREATE VIEW ${quote(name)} AS SELECT ${shown} FROM ${tableOf(generation)};`
}

/** All that is left of a build goes. */
export const dropBuild = (generation: number): string => `DROP TABLE IF EXISTS ${tableOf(generation)};
  DELETE FROM checkpoints WHERE generation = ${generation};
  DELETE FROM parked WHERE generation = ${generation};
  DELETE FROM generations WHERE id = ${generation};`
