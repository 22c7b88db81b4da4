import * as E from 'fp-ts/Either'
import { describe, expect, it, onTestFinished } from 'vitest'
import { connect } from '../../src/adapters/sqlite/connection.ts'
import { initialise } from '../../src/adapters/sqlite/views/schema.ts'
import { viewTables } from '../../src/adapters/sqlite/views/tables.ts'
import type { Generation, ViewStore } from '../../src/application/ports/view-store.ts'
import { openSqliteViews } from '../../src/projections.ts'
import { openSqliteStore } from '../../src/sqlite.ts'
import { temporaryFile } from '../support/temporary-file.ts'

const shape = { columns: { a: 'text', b: 'integer' }, indexes: [['a', 'b'], ['b']] } as const
const spec = { name: 'things', version: 1, category: 'c', partitions: 1 } as const

const indexesIn = (file: string): ReadonlyArray<unknown> => {
  const connection = connect(file)
  const rows = connection
    .prepare("SELECT sql FROM sqlite_schema WHERE type = 'index' AND sql LIKE '%view_%' ORDER BY name")
    .rows([])
  connection.close()
  return rows.map(([sql]) => sql)
}

const both = (id: number) => [
  `CREATE INDEX view_${id}_0 ON view_${id} ("a", "b")`,
  `CREATE INDEX view_${id}_1 ON view_${id} ("b")`
]

const made = async (views: ViewStore, standing: Generation['standing']): Promise<number> => {
  const build = await views.create({ ...spec, standing }, shape)()
  if (E.isLeft(build)) throw new Error(build.left.message)
  return build.right.id
}

const viewsIn = async (file: string) => {
  const views = await openSqliteViews({ file })
  onTestFinished(views.dispose)
  return views
}

describe('the indexes of a build', () => {
  it('are made once it is full, and are there before anybody reads it', async () => {
    const file = temporaryFile('views.db')
    const views = await viewsIn(file)
    const id = await made(views, 'building')
    expect(indexesIn(file)).toEqual([])
    expect(await views.promote(id)()).toEqual(E.right('Committed'))
    expect(indexesIn(file)).toEqual(both(id))
  })
  it('are there at once where it is live, or where a log in the same file would wait for them', async () => {
    const file = temporaryFile('views.db')
    const id = await made(await viewsIn(file), 'live')
    expect(indexesIn(file)).toEqual(both(id))
    const storeFile = temporaryFile('store.db')
    const store = await openSqliteStore({ file: storeFile })
    onTestFinished(store.dispose)
    const beside = await made(await viewsIn(storeFile), 'building')
    expect(indexesIn(storeFile)).toEqual(both(beside))
  })
  it('are made up for where only some were made, and go with a build that is given up', async () => {
    const file = temporaryFile('views.db')
    const connection = connect(file)
    onTestFinished(connection.close)
    initialise(connection)
    const tables = viewTables(connection, 'when full')
    const begun = tables.create({ ...spec, standing: 'building' }, shape)
    if (E.isLeft(begun)) throw new Error(begun.left.message)
    expect(tables.makeIndex(begun.right.id)).toBe(true)
    // as after a crash: whoever comes next knows nothing of it but what the file holds
    const next = viewTables(connection, 'when full')
    expect(next.promote(begun.right.id)).toBe('Committed')
    expect(indexesIn(file)).toEqual(both(begun.right.id))
    const other = next.create({ ...spec, standing: 'building' }, shape)
    if (E.isLeft(other)) throw new Error(other.left.message)
    next.makeIndex(other.right.id)
    next.drop(other.right.id)
    expect(indexesIn(file)).toEqual(both(begun.right.id))
    expect(next.makeIndex(other.right.id)).toBe(false)
  })
})
