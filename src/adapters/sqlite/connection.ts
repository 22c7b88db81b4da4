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

/** Opens a connection to an absolute path, or to a `file:` URI. */
export type Connect = (location: string) => Connection

const closed = (): never => {
  throw new Error('the connection is closed')
}

/** The one place that knows the driver (ADR 0002). Nothing waits for locks: waiting is for the caller. */
export const connect: Connect = (location) => {
  const database = new Database(location)
  const releases: Array<() => void> = []
  return {
    exec: (sql) => {
      database.exec(sql)
    },
    prepare: (sql) => {
      const prepared = database.prepare(sql)
      let statement: typeof prepared | undefined = prepared.reader ? prepared.raw(true) : prepared
      releases.push(() => {
        statement = undefined
      })
      return {
        // as one list: the driver takes it as it is, and would copy a spread one
        run: (parameters) => (statement ?? closed()).run(parameters),
        rows: (parameters) => (statement ?? closed()).all(parameters) as ReadonlyArray<ReadonlyArray<unknown>>
      }
    },
    close: () => {
      // the driver holds the file open, and runs statements, until the last of them is collected
      for (const release of releases.splice(0)) release()
      database.close()
    }
  }
}
