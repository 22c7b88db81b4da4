import { describe, expect, it } from 'vitest'
import { connect } from '../../../../src/adapters/sqlite/connection.ts'
import {
  isBusy,
  isCannotOpen,
  isOutOfPlace,
  isReadOnly,
  toStoreError
} from '../../../../src/adapters/sqlite/to-store-error.ts'
import { commitFailure } from '../../../../src/adapters/sqlite/transactions.ts'
import { sqliteError } from '../../../support/connect-around.ts'
import { temporaryFile } from '../../../support/temporary-file.ts'

const never = 'StoreUnavailable'

/** All result codes of SQLite 3.45 (https://sqlite.org/rescode.html): name, number, tag, what it says of a COMMIT. */
const codes: ReadonlyArray<readonly [string, number, string, 'NotWritten' | 'OutcomeUnknown']> = [
  ['SQLITE_ERROR', 1, never, 'OutcomeUnknown'],
  ['SQLITE_INTERNAL', 2, never, 'OutcomeUnknown'],
  ['SQLITE_PERM', 3, 'StoreReadOnly', 'NotWritten'],
  ['SQLITE_ABORT', 4, never, 'OutcomeUnknown'],
  ['SQLITE_BUSY', 5, 'StoreBusy', 'NotWritten'],
  ['SQLITE_LOCKED', 6, 'StoreBusy', 'NotWritten'],
  ['SQLITE_NOMEM', 7, never, 'OutcomeUnknown'],
  ['SQLITE_READONLY', 8, 'StoreReadOnly', 'NotWritten'],
  ['SQLITE_INTERRUPT', 9, never, 'OutcomeUnknown'],
  ['SQLITE_IOERR', 10, never, 'OutcomeUnknown'],
  ['SQLITE_CORRUPT', 11, 'NotAStore', 'OutcomeUnknown'],
  ['SQLITE_NOTFOUND', 12, never, 'OutcomeUnknown'],
  ['SQLITE_FULL', 13, 'StoreFull', 'NotWritten'],
  ['SQLITE_CANTOPEN', 14, never, 'OutcomeUnknown'],
  ['SQLITE_PROTOCOL', 15, 'StoreBusy', 'NotWritten'],
  ['SQLITE_EMPTY', 16, never, 'OutcomeUnknown'],
  ['SQLITE_SCHEMA', 17, never, 'OutcomeUnknown'],
  ['SQLITE_TOOBIG', 18, never, 'OutcomeUnknown'],
  ['SQLITE_CONSTRAINT', 19, never, 'OutcomeUnknown'],
  ['SQLITE_MISMATCH', 20, never, 'OutcomeUnknown'],
  ['SQLITE_MISUSE', 21, never, 'OutcomeUnknown'],
  ['SQLITE_NOLFS', 22, never, 'OutcomeUnknown'],
  ['SQLITE_AUTH', 23, 'AccessDenied', 'OutcomeUnknown'],
  ['SQLITE_FORMAT', 24, 'NotAStore', 'OutcomeUnknown'],
  ['SQLITE_RANGE', 25, never, 'OutcomeUnknown'],
  ['SQLITE_NOTADB', 26, 'NotAStore', 'OutcomeUnknown'],
  ['SQLITE_NOTICE', 27, never, 'OutcomeUnknown'],
  ['SQLITE_WARNING', 28, never, 'OutcomeUnknown'],
  ['SQLITE_ROW', 100, never, 'OutcomeUnknown'],
  ['SQLITE_DONE', 101, never, 'OutcomeUnknown']
]

/** The extended codes of a primary one: its number and multiples of 256 above it. */
const extended: Readonly<Record<string, number>> = {
  SQLITE_ERROR: 3,
  SQLITE_ABORT: 2,
  SQLITE_BUSY: 3,
  SQLITE_LOCKED: 2,
  SQLITE_READONLY: 6,
  SQLITE_IOERR: 34,
  SQLITE_CORRUPT: 3,
  SQLITE_CANTOPEN: 6,
  SQLITE_CONSTRAINT: 12,
  SQLITE_AUTH: 1,
  SQLITE_NOTICE: 3,
  SQLITE_WARNING: 1
}

describe('every code of SQLite is a store error', () => {
  for (const [name, number, tag, commit] of codes) {
    it(`${name}: ${tag}; at COMMIT ${commit}`, () => {
      for (let n = 0; n <= (extended[name] ?? 0); n++) {
        // the driver has no names for many of the extended codes
        for (const code of [name, `UNKNOWN_SQLITE_ERROR_${number + 256 * n}`]) {
          const cause = sqliteError(code, number + 256 * n)
          const error = toStoreError(cause)
          expect(error._tag).toBe(tag)
          expect(error.cause).toBe(cause)
          expect(error.message).toContain(code === name ? name : String(number + 256 * n))
          expect(commitFailure(cause)).toEqual({ _tag: commit, error })
        }
      }
    })
  }
})

describe('what is no code of SQLite', () => {
  const strange = [new Error('out of memory'), new TypeError('x'), 'text', undefined, null, 7, {}, { code: 5 }]
  it.each(strange)('%s: StoreUnavailable, and at COMMIT unknown', (cause) => {
    expect(toStoreError(cause)).toEqual({
      _tag: 'StoreUnavailable',
      message: 'SQLite failed',
      cause
    })
    expect(commitFailure(cause)._tag).toBe('OutcomeUnknown')
    expect([isBusy(cause), isReadOnly(cause), isCannotOpen(cause), isOutOfPlace(cause)]).toEqual([
      false,
      false,
      false,
      false
    ])
  })
})

describe('the driver’s own errors', () => {
  const thrown = (act: () => unknown): unknown => {
    try {
      act()
    } catch (cause) {
      return cause
    }
    throw new Error('nothing was thrown')
  }

  it('a connection that cannot be made, which it tells in words', () => {
    const cause = thrown(() => connect(`${temporaryFile('x')}/no/folder`))
    expect(isCannotOpen(cause)).toBe(true)
    expect(toStoreError(cause)).toMatchObject({ _tag: 'StoreUnavailable', message: expect.stringContaining('14') })
  })

  it('a row whose place is taken, or that follows on none, and no other constraint', () => {
    const connection = connect(temporaryFile('x.db'))
    connection.exec('CREATE TABLE events (name TEXT NOT NULL, first INTEGER NOT NULL, UNIQUE (name, first)) STRICT')
    const insert = connection.prepare('INSERT INTO events VALUES (?, ?)')
    insert.run(['a', 1])
    expect(isOutOfPlace(thrown(() => insert.run(['a', 1])))).toBe(true)
    expect(isOutOfPlace(thrown(() => connection.exec("INSERT INTO events VALUES ('b', NULL)")))).toBe(true)
    expect(isOutOfPlace(thrown(() => connection.exec('INSERT INTO events VALUES (NULL, 1)')))).toBe(false)
    expect(isOutOfPlace(thrown(() => insert.run(['a', 1.5])))).toBe(false)
    connection.close()
  })

  it('a lock, and a connection that is closed', () => {
    const file = temporaryFile('x.db')
    const [one, two] = [connect(file), connect(file)]
    const statement = two.prepare('SELECT 1')
    one.exec('BEGIN IMMEDIATE')
    expect(isBusy(thrown(() => two.exec('BEGIN IMMEDIATE')))).toBe(true)
    one.exec('ROLLBACK')
    for (const connection of [one, two]) connection.close()
    expect(toStoreError(thrown(() => statement.rows([])))._tag).toBe('StoreUnavailable')
    expect(toStoreError(thrown(() => two.exec('SELECT 1')))._tag).toBe('StoreUnavailable')
  })
})
