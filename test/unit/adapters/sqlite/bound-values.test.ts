import { describe, expect, it, onTestFinished } from 'vitest'
import { connect, type Parameter } from '../../../../src/adapters/sqlite/connection.ts'

describe('a value that SQLite has no type for', () => {
  // the driver ends the process at these
  it.each([true, undefined, {}, [], 1n, () => 1, Symbol('s')])(
    'is refused by the connection, whatever the statement: %s',
    (value) => {
      const connection = connect(':memory:')
      onTestFinished(() => connection.close())
      connection.exec('CREATE TABLE t (a)')
      const statement = connection.prepare('SELECT ?')
      const parameters = [value as unknown as Parameter]
      for (const run of [statement.rows, statement.row, connection.prepare('DELETE FROM t WHERE a = ?').run]) {
        expect(() => run(parameters)).toThrow(/of the type .* cannot be stored/)
      }
      expect(statement.row(['a'])).toEqual(['a'])
    }
  )
})
