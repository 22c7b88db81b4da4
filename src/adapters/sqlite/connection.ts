import Database from 'libsql'

/** A prepared statement; parameters by position, rows as arrays of columns. */
export type Statement = {
  readonly run: (parameters: ReadonlyArray<string | number>) => { readonly changes: number }
  readonly rows: (parameters: ReadonlyArray<string | number>) => ReadonlyArray<ReadonlyArray<unknown>>
}

/** One connection to a file. Every call blocks until it is done, and throws what `toStoreError` understands. */
export type Connection = {
  readonly exec: (sql: string) => void
  readonly prepare: (sql: string) => Statement
  readonly close: () => void
}

/** Opens a file; the one place that knows the driver (ADR 0002). Nothing waits for locks: waiting is for the caller. */
export const connect = (file: string): Connection => {
  const database = new Database(file)
  return {
    exec: (sql) => {
      database.exec(sql)
    },
    prepare: (sql) => {
      const statement = database.prepare(sql)
      const reader = statement.reader ? statement.raw(true) : statement
      return {
        run: (parameters) => statement.run(...parameters),
        rows: (parameters) => reader.all(...parameters) as ReadonlyArray<ReadonlyArray<unknown>>
      }
    },
    close: () => {
      database.close()
    }
  }
}
