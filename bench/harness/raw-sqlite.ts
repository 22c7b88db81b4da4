import * as E from 'fp-ts/Either'
import Database from 'libsql'
import { openSqliteStore } from '../../src/sqlite.ts'
import { type Schema1Row, schema1Columns, schema1Table } from '../schema-1/raw-store.ts'

/** The reference stays what it is, whatever the store writes now. */
export type Row = Schema1Row

/** Makes a store of schema 1 with nothing in it. */
export const emptyStore = (file: string): void => {
  const database = new Database(file)
  database.exec(`PRAGMA journal_mode = WAL;
${schema1Table};
PRAGMA application_id = 1801812326; PRAGMA user_version = 1`)
  database.close()
}

/** The reference: prepared inserts through the same driver, with nothing around them. */
export const rawStore = (file: string, synchronous: 'FULL' | 'NORMAL' | 'OFF' = 'FULL') => {
  const database = new Database(file)
  database.exec(`PRAGMA synchronous = ${synchronous}`)
  const insert = database.prepare(`INSERT INTO events (${schema1Columns}) VALUES (?, ?, ?, ?, ?, ?, ?)`)
  return {
    transaction: (rows: Iterable<Row>): void => {
      database.exec('BEGIN IMMEDIATE')
      for (const row of rows) insert.run(...row)
      database.exec('COMMIT')
    },
    exec: (sql: string): void => {
      database.exec(sql)
    },
    database,
    close: (): void => {
      database.close()
    }
  }
}

/** What a store holds after a position, as rows of schema 1, page by page. */
export async function* rowPages(file: string, after = 0): AsyncGenerator<ReadonlyArray<Row>, void> {
  const store = await openSqliteStore({ file })
  for (let from = after === 0 ? 'start' : String(after), atEnd = false; !atEnd; ) {
    const page = await store.readAll(from, '', 1000)()
    if (E.isLeft(page)) throw new Error(page.left.message)
    yield page.right.events.map(({ stream, revision, id, type, data, metadata, recordedAtMs }): Row => {
      return [stream, Number(revision), id, type, data, metadata, recordedAtMs]
    })
    ;({ next: from, atEnd } = page.right)
  }
  await store.dispose()
}

/** All that a store holds after a position, as rows of schema 1. */
export const rowsIn = async (file: string, after = 0): Promise<ReadonlyArray<Row>> => {
  const rows: Array<Row> = []
  for await (const page of rowPages(file, after)) rows.push(...page)
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
