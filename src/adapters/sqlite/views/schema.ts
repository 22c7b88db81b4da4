import * as E from 'fp-ts/Either'
import type { StoreError } from '../../../application/ports/event-store.ts'
import { failure } from '../../../domain/failure.ts'
import type { Connection } from '../connection.ts'
import { commonTables, idOfViews, makeCommon, makeShown, quote, tableOf } from './forms.ts'

const newest = 1

const make = `${makeCommon}; PRAGMA application_id = ${idOfViews}; PRAGMA user_version = ${newest};`

const number = (connection: Connection, sql: string): number => Number(connection.prepare(sql).row([])?.[0] ?? 0)

/** Whose a file is: of views, nobody's yet, or why it is not to be touched. Reads only. */
export const identify = (connection: Connection): E.Either<StoreError, 'views' | 'empty'> => {
  const owner = number(connection, 'PRAGMA application_id')
  const version = number(connection, 'PRAGMA user_version')
  if (owner === idOfViews) {
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
  return E.left(failure('NotAStore', 'the file is a database, and neither one of keyfold’s views nor a store'))
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

const there = `SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name IN (${Object.keys(commonTables)
  .map((name) => `'${name}'`)
  .join(', ')})`

/** Makes what views need in the file of a store, within the transaction that is open, where it is not there yet. */
export const makeInStore = (connection: Connection): StoreError | undefined => {
  const found = number(connection, there)
  if (found === 0) {
    connection.exec(makeCommon)
    return undefined
  }
  return found === Object.keys(commonTables).length
    ? undefined
    : failure('NotAStore', 'the file has lost a part of its views: its schema is not keyfold’s')
}

export const hideBuild = (name: string): string => `DROP VIEW IF EXISTS ${quote(name)};`

/** What readers by SQL see under the projection's name: the live build, whichever that is. */
export const showBuild = (name: string, generation: number, columns: ReadonlyArray<string>): string =>
  `${hideBuild(name)} ${makeShown(name, generation, columns)};`

/** All that is left of a build goes. */
export const dropBuild = (generation: number): string => `DROP TABLE IF EXISTS ${tableOf(generation)};
  DELETE FROM checkpoints WHERE generation = ${generation};
  DELETE FROM parked WHERE generation = ${generation};
  DELETE FROM generations WHERE id = ${generation};`
