import { type Connect, type Connection, connect } from '../../src/adapters/sqlite/connection.ts'

/** Stands around every call of a connection: sees its SQL, and may fail before or after it. */
export type Around = <A>(sql: string, call: () => A, connection: Connection) => A

/** Real connections to real files, with something around each of their calls. */
export const connectAround =
  (around: Around): Connect =>
  (location) => {
    const connection = connect(location)
    return {
      exec: (sql) => around(sql, () => connection.exec(sql), connection),
      prepare: (sql) => {
        const statement = connection.prepare(sql)
        return {
          run: (parameters) => around(sql, () => statement.run(parameters), connection),
          row: (parameters) => around(sql, () => statement.row(parameters), connection),
          rows: (parameters) => around(sql, () => statement.rows(parameters), connection)
        }
      },
      close: connection.close
    }
  }

/** An error as the driver throws it. */
export const sqliteError = (code: string, rawCode: number): Error =>
  Object.assign(new Error(`as SQLite says ${code}`), { code, rawCode })
