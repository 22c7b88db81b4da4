import { writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { connect } from '../../src/adapters/sqlite/connection.ts'
import { sqliteViewsBy } from '../../src/adapters/sqlite/views/view-store.ts'
import { openMemoryStore } from '../../src/memory.ts'
import { createProjections, openMemoryViews, openSqliteViews } from '../../src/projections.ts'
import { openSqliteStore } from '../../src/sqlite.ts'
import { temporaryFile } from '../support/temporary-file.ts'
import { keys, reserveKeys, world } from './set-up.ts'
import { countsByType, countsOfKeys } from './three-projections.ts'

describe('a view', () => {
  it('that is ahead of the log, or of another log, is refused by its runner and by verify', async () => {
    const views = await openMemoryViews()
    const { projections, ledger } = await world({ views })
    await reserveKeys(ledger, ...keys(5))
    await projections.run(countsOfKeys).ended
    await projections.waitUntil(countsOfKeys.name, 'end')
    await projections.dispose()
    const restored = await world({ views: { ...views, dispose: async () => {} } })
    await expect(restored.projections.run(countsOfKeys).ended()).rejects.toMatchObject({ tag: 'NotAStore' })
    await expect(restored.projections.verify(countsOfKeys)).rejects.toMatchObject({ tag: 'NotAStore' })
    expect(await restored.projections.rebuild(countsOfKeys)).toMatchObject({ events: 0 })
  })
  it('of another category, or with other partitions, is refused', async () => {
    const { projections, views, store } = await world()
    await projections.rebuild(countsOfKeys)
    const other = createProjections({ store, views, category: 'other' })
    await expect(other.run(countsOfKeys).ended()).rejects.toMatchObject({ failure: { path: '$.category' } })
    await expect(projections.run(countsOfKeys, { partitions: 2 }).ended()).rejects.toMatchObject({
      failure: { path: '$.partitions' }
    })
  })
  it.each([
    ['of another category', 'other', 1, { tag: 'InvalidInput', failure: { path: '$.category' } }],
    ['of an older version', undefined, 2, { tag: 'UnsupportedVersion' }]
  ])('%s is read by none of its readers', async (_, category, version, refused) => {
    const { projections, views, store, ledger } = await world()
    const [row = ''] = await reserveKeys(ledger, ...keys(1))
    await projections.rebuild(countsOfKeys)
    const view = createProjections({ store, views, category }).view({ ...countsOfKeys, version })
    for (const read of [
      () => view.get(row),
      () => view.page(),
      () => view.walk(() => true),
      () => view.checkpoints()
    ]) {
      await expect(read()).rejects.toMatchObject(refused)
    }
  })
  it('that is not there yet is an honest nothing', async () => {
    const { projections } = await world()
    expect(await projections.health('counts_of_keys')).toBe(undefined)
    expect(await projections.view(countsOfKeys).get('idem_1')).toBe(undefined)
    await expect(projections.parked('counts_of_keys')).rejects.toMatchObject({ tag: 'InvalidInput' })
    await expect(projections.verify(countsOfKeys)).rejects.toMatchObject({ tag: 'InvalidInput' })
    expect(await projections.waitUntil('counts_of_keys', 'end', { withinMs: 0 })).toBe(false)
  })
  it('that was changed by another hand is told by verify, row and path', async () => {
    const file = temporaryFile('views.db')
    const { projections, ledger } = await world({ views: await openSqliteViews({ file }) })
    const ids = [...(await reserveKeys(ledger, ...keys(4)))].sort()
    await projections.rebuild(countsOfKeys)
    const damage = async (sql: string) => {
      const connection = connect(file)
      connection.exec(sql)
      connection.close()
      const { difference } = await projections.verify(countsOfKeys)
      await projections.rebuild(countsOfKeys)
      return difference
    }
    const [first, second] = ids
    expect(await damage(`UPDATE view_1 SET state = '{"Reserved":2}' WHERE row = '${first}'`)).toEqual({
      row: first,
      partition: 0,
      what: 'differs',
      path: '$.Reserved'
    })
    expect(await damage(`DELETE FROM view_2 WHERE row = '${second}'`)).toMatchObject({ row: second, what: 'missing' })
    expect(await damage(`INSERT INTO view_3 VALUES ('a', 0, '1', 0, 0)`)).toMatchObject({ row: 'a', what: 'extra' })
    expect(await damage(`UPDATE view_4 SET state = '{' WHERE row = '${first}'`)).toMatchObject({ what: 'differs' })
  })
})

describe('a file of views', () => {
  it.each([
    ['text', (file: string) => writeFileSync(file, 'x'.repeat(2000)), 'NotAStore'],
    [
      'another application’s database',
      (file: string) => {
        const connection = connect(file)
        connection.exec('CREATE TABLE t (a)')
        connection.close()
      },
      'NotAStore'
    ],
    [
      'of a newer keyfold',
      (file: string) => {
        const connection = connect(file)
        connection.exec(`PRAGMA application_id = ${0x6b657976}; PRAGMA user_version = 2; CREATE TABLE t (a)`)
        connection.close()
      },
      'UnsupportedVersion'
    ]
  ])('that is %s is refused, and not touched', async (_, make, tag) => {
    const file = temporaryFile('views.db')
    make(file)
    await expect(openSqliteViews({ file })).rejects.toMatchObject({ tag })
  })
  it('is no event store', async () => {
    const views = temporaryFile('views.db')
    await (await openSqliteViews({ file: views })).dispose()
    await expect(openSqliteStore({ file: views })).rejects.toMatchObject({ tag: 'NotAStore' })
  })
  it('that may not be written to is StoreReadOnly', async () => {
    const file = temporaryFile('views.db')
    await (await openSqliteViews({ file })).dispose()
    const readOnly = sqliteViewsBy((location) => connect(`${pathToFileURL(location).href}?mode=ro`))
    expect(await readOnly({ file })()).toMatchObject({ _tag: 'Left', left: { _tag: 'StoreReadOnly' } })
  })
  it.each([
    [{ file: '' }],
    [{ file: 'x', inline: [countsOfKeys] }],
    [{ file: ':memory:' }],
    [{ file: 'x', busyTimeoutMs: -1 }],
    [null]
  ])('is not opened by %o', async (options) => {
    await expect(openSqliteViews(options as never)).rejects.toMatchObject({ tag: 'InvalidInput' })
  })
})

describe('what is no projection, sink or option', () => {
  it.each([
    [{ ...countsOfKeys, name: 'Counts' }, {}, '$.name'],
    [{ ...countsOfKeys, name: 'parked' }, {}, '$.name'],
    [{ ...countsOfKeys, name: 'x"; DROP TABLE parked' }, {}, '$.name'],
    [{ ...countsOfKeys, version: 0 }, {}, '$.version'],
    [{ ...countsOfKeys, evolve: undefined }, {}, '$.evolve'],
    [{ ...countsOfKeys, columns: { 'a"': 'text' } }, {}, '$.columns'],
    [{ ...countsOfKeys, columns: { a: 'blob' } }, {}, '$.columns'],
    [{ ...countsOfKeys, indexes: [['nowhere']] }, {}, '$.indexes'],
    [{ ...countsByType, merge: undefined }, { partitions: 2 }, '$.merge'],
    [countsOfKeys, { partitions: 0 }, '$.partitions'],
    [countsOfKeys, { batchSize: 1.5 }, '$.batchSize'],
    [null, {}, '$']
  ])('is InvalidInput by its path: %#', async (projection, options, path) => {
    const { projections } = await world()
    const refused = { tag: 'InvalidInput', failure: { path } }
    await expect(projections.run(projection as never, options).ended()).rejects.toMatchObject(refused)
    await expect(projections.rebuild(projection as never, options)).rejects.toMatchObject(refused)
  })
  it('is thrown at once where projections are made of it', async () => {
    const [store, views] = [await openMemoryStore(), await openMemoryViews()]
    for (const options of [
      {},
      { store },
      { store, views, leaseMs: 1 },
      { store: {}, views },
      { store, views, category: 'a-b' }
    ]) {
      expect(() => createProjections(options as never)).toThrow(expect.objectContaining({ tag: 'InvalidInput' }))
    }
  })
})
