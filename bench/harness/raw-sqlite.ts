import Database from 'libsql'
import { openSqliteStore } from '../../src/sqlite.ts'

/** A row of the events table, its position left out. */
export type Row = readonly [
  stream: string,
  revision: number,
  id: string,
  type: string,
  data: string,
  metadata: string,
  recordedAtMs: number
]

const columns = 'stream, revision, id, type, data, metadata, recorded_at_ms'

/** Makes a file with the store's own table and index, and nothing in it. */
export const emptyStore = async (file: string): Promise<void> => {
  const store = await openSqliteStore({ file })
  await store.dispose()
}

/** The reference: prepared inserts through the same driver, with nothing around them. */
export const rawStore = (file: string, synchronous: 'FULL' | 'NORMAL' | 'OFF' = 'FULL') => {
  const database = new Database(file)
  database.exec(`PRAGMA synchronous = ${synchronous}`)
  const insert = database.prepare(`INSERT INTO events (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?)`)
  return {
    transaction: (rows: Iterable<Row>): void => {
      database.exec('BEGIN IMMEDIATE')
      for (const row of rows) insert.run(...row)
      database.exec('COMMIT')
    },
    rows: (where = ''): ReadonlyArray<Row> =>
      database
        .prepare(`SELECT ${columns} FROM events ${where} ORDER BY position`)
        .raw(true)
        .all() as ReadonlyArray<Row>,
    exec: (sql: string): void => {
      database.exec(sql)
    },
    database,
    close: (): void => {
      database.close()
    }
  }
}

export const rowsIn = (file: string, where?: string): ReadonlyArray<Row> => {
  const raw = rawStore(file)
  const rows = raw.rows(where)
  raw.close()
  return rows
}

/**
 * A clock for a store that stands still within one turn of the event loop: rows of one transaction, and only those,
 * have the same time, so that the very same transactions can be written again as raw inserts.
 */
export const transactionClock = (): (() => number) => {
  let count = 0
  let current: number | undefined
  return () => {
    if (current === undefined) {
      current = ++count
      setImmediate(() => {
        current = undefined
      })
    }
    return current
  }
}

/** Rows by the transactions that they were written in. */
export const transactionsOf = (rows: ReadonlyArray<Row>): ReadonlyArray<ReadonlyArray<Row>> => {
  const groups: Array<Array<Row>> = []
  let last: number | undefined
  for (const row of rows) {
    if (row[6] !== last) groups.push([])
    last = row[6]
    groups.at(-1)?.push(row)
  }
  return groups
}
