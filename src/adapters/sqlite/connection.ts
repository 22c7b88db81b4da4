import { createRequire } from 'node:module'
import type Database from 'libsql'
import type { StoreError } from '../../application/ports/event-store.ts'
import { failure } from '../../domain/failure.ts'

export type Row = ReadonlyArray<unknown>

export type Parameter = string | number | Buffer | null

type Prepared = Database.Statement

type Ran = { readonly lastInsertRowid: number; readonly changes: number }

/** A prepared statement; parameters by position, rows as arrays of columns. */
export type Statement = {
  /** Gives the number of the row that it inserted, where it inserted one, and how many rows it changed. */
  readonly run: (parameters: ReadonlyArray<Parameter>) => Ran
  readonly rows: (parameters: ReadonlyArray<Parameter>) => ReadonlyArray<Row>
  /** The first row alone, which is half the work. */
  readonly row: (parameters: ReadonlyArray<Parameter>) => Row | undefined
}

/** One connection to a file. Every call blocks until it is done, and throws what `toStoreError` understands. */
export type Connection = {
  readonly exec: (sql: string) => void
  readonly prepare: (sql: string) => Statement
  readonly close: () => void
}

/** Opens a connection to an absolute path, or to a `file:` URI. */
export type Connect = (location: string) => Connection

/** Anything else would be a fault of the driver's own that ends the process, and no error. */
const isBindable = (value: unknown): boolean =>
  typeof value === 'string' || typeof value === 'number' || value === null || Buffer.isBuffer(value)

/** Parameters as they were given. */
const bindable = (parameters: ReadonlyArray<Parameter>): ReadonlyArray<Parameter> => {
  for (const value of parameters) {
    if (!isBindable(value)) throw new TypeError(`a value of the type ${typeof value} cannot be stored`)
  }
  return parameters
}

const closed = (): never => {
  throw new Error('the connection is closed')
}

let loaded: typeof Database | undefined

const driver = (): typeof Database => {
  loaded ??= createRequire(import.meta.url)('libsql') as typeof Database
  return loaded
}

/** What to do where the driver is not there, and where only its native part is not. */
const notInstalled =
  'the SQLite store needs the package libsql, which is not installed: npm install libsql, beside keyfold'
const notWhole =
  'the SQLite driver cannot be loaded: its native part is an optional dependency, so install libsql without --omit=optional, on the platform that it is to run on'

/** Node says the same of a package that is missing and of one that lacks another: only the name tells. */
const isMissing = (cause: unknown): boolean =>
  cause instanceof Error && 'code' in cause && cause.code === 'MODULE_NOT_FOUND' && /'libsql'/.test(cause.message)

/**
 * Why the driver cannot be loaded, if so. It is an optional peer (ADR 0035), and native code in a package of its own for
 * each platform: it is loaded where it is needed, so that its lack fails who opens, and not who imports.
 */
export const driverFault = (): StoreError | undefined => {
  try {
    driver()
    return undefined
  } catch (cause) {
    return failure('StoreUnavailable', isMissing(cause) ? notInstalled : notWhole, { cause })
  }
}

/** The one place that knows the driver (ADR 0002). Nothing waits for locks: waiting is for the caller. */
export const connect: Connect = (location) => {
  const database = new (driver())(location)
  const releases: Array<() => void> = []
  let isOpen = true
  return {
    exec: (sql) => {
      database.exec(sql)
    },
    prepare: (sql) => {
      const make = (): Prepared => {
        const prepared = database.prepare(sql)
        return prepared.reader ? prepared.raw(true) : prepared
      }
      let statement: Prepared | undefined = make()
      releases.push(() => {
        statement = undefined
      })
      const current = (): Prepared => {
        statement ??= isOpen ? make() : closed()
        return statement
      }
      /** One that failed amid its work fails ever after: what is damaged in one place would seem to be so everywhere. */
      const asking = <A>(ask: (current: Prepared) => A): A => {
        try {
          return ask(current())
        } catch (cause) {
          statement = undefined
          throw cause
        }
      }
      return {
        // as one list: the driver takes it as it is, and would copy a spread one
        run: (parameters) => current().run(bindable(parameters)) as unknown as Ran,
        rows: (parameters) => asking((one) => one.all(bindable(parameters)) as ReadonlyArray<Row>),
        row: (parameters) => asking((one) => one.get(bindable(parameters)) as Row | undefined)
      }
    },
    close: () => {
      // the driver holds the file open, and runs statements, until the last of them is collected
      isOpen = false
      for (const release of releases.splice(0)) release()
      database.close()
    }
  }
}
