import * as E from 'fp-ts/Either'
import { expect, it, onTestFinished } from 'vitest'
import { type Connection, connect } from '../../../../src/adapters/sqlite/connection.ts'
import { forget, viewMemory } from '../../../../src/adapters/sqlite/views/memory.ts'
import { initialise } from '../../../../src/adapters/sqlite/views/schema.ts'
import { viewTables } from '../../../../src/adapters/sqlite/views/tables.ts'
import type { RowChange } from '../../../../src/application/ports/view-store.ts'
import { temporaryFile } from '../../../support/temporary-file.ts'

/** A connection, and the statements on rows that were run on it since one looked last. */
const watched = () => {
  const connection = connect(temporaryFile('views.db'))
  onTestFinished(connection.close)
  let ran: Array<string> = []
  const note = (sql: string): void => {
    if (sql.includes('view_1 ')) ran.push(sql)
  }
  const watching: Connection = {
    ...connection,
    prepare: (sql) => {
      const { row, run, rows } = connection.prepare(sql)
      const noted =
        <A>(work: (parameters: Parameters<typeof run>[0]) => A) =>
        (parameters: Parameters<typeof run>[0]): A => {
          note(sql)
          return work(parameters)
        }
      return { row: noted(row), run: noted(run), rows }
    }
  }
  const since = (): ReadonlyArray<string> => {
    const all = ran
    ran = []
    return all
  }
  return { connection, watching, since }
}

const checkpoint = { position: '1', events: 1, appliedAtMs: 1, rate: 0 }

it('a row that is known as it stands is not looked up, and only what is other in it is written', () => {
  const { connection, watching, since } = watched()
  initialise(connection)
  const memory = viewMemory()
  const tables = viewTables(watching, 'at once', memory)
  const shape = { columns: { a: 'text', b: 'integer', c: 'text' }, indexes: [['a'], ['b']] } as const
  const spec = { name: 'things', version: 1, category: 'c', partitions: 1, standing: 'live' } as const
  if (E.isLeft(tables.create(spec, shape))) throw new Error('not made')
  const at = { generation: 1, partition: 0 }
  let seq = 0
  const write = (state: string | undefined, columns: RowChange['columns']): void => {
    const committed = tables.commit({
      ...at,
      epoch: 0,
      seq,
      checkpoint,
      rows: [{ row: 'r', state, columns }],
      parked: []
    })
    expect(committed).toBe('Committed')
    seq++
  }
  const stands = () => connection.prepare('SELECT state, a, b, c FROM view_1').rows([])

  write('1', { a: 'x', b: 1, c: null })
  expect(since()).toEqual([expect.stringMatching(/^INSERT/)])
  expect(tables.load(at, ['r'])).toMatchObject({ rows: new Map([['r', '1']]) })
  expect(since()).toEqual([])
  write('2', { a: 'x', b: 2 })
  expect(since()).toEqual(['UPDATE view_1 SET "state" = ?, "b" = ? WHERE row = ? AND partition = ?'])
  expect(stands()).toEqual([['2', 'x', 2, null]])
  write('3', { a: null, b: 2, c: 'now' })
  expect(since()).toEqual(['UPDATE view_1 SET "state" = ?, "a" = ?, "c" = ? WHERE row = ? AND partition = ?'])
  expect(stands()).toEqual([['3', null, 2, 'now']])
  write(undefined, {})
  expect(tables.load(at, ['r'])).toMatchObject({ rows: new Map() })
  write('4', { a: 'y', b: 3, c: 'z' })
  expect(since()).toEqual([expect.stringMatching(/^DELETE/), expect.stringMatching(/^INSERT/)])
  expect(stands()).toEqual([['4', 'y', 3, 'z']])

  // what others wrote, or a transaction that was taken back, is met with all that there is
  forget(memory)
  connection.exec("UPDATE view_1 SET a = 'theirs'")
  expect(tables.load(at, ['r'])).toMatchObject({ rows: new Map([['r', '4']]) })
  write('5', { a: 'y', b: 3, c: 'z' })
  expect(since()).toEqual([expect.stringMatching(/^SELECT/), expect.stringMatching(/^INSERT/)])
  expect(stands()).toEqual([['5', 'y', 3, 'z']])
})
