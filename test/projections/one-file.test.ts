import { copyFileSync, renameSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { sha256 } from '../../src/adapters/node/sha256.ts'
import { connect } from '../../src/adapters/sqlite/connection.ts'
import { sqliteStoreBy } from '../../src/adapters/sqlite/event-store.ts'
import { isOfViews, makeBuild, makeIndex, makeShown } from '../../src/adapters/sqlite/views/forms.ts'
import { sqliteViewsBy } from '../../src/adapters/sqlite/views/view-store.ts'
import { inlineOf } from '../../src/application/projections/inline.ts'
import { createLedger } from '../../src/index.ts'
import { openMemoryStore } from '../../src/memory.ts'
import { createProjections, openSqliteViews } from '../../src/projections.ts'
import { openSqliteStore } from '../../src/sqlite.ts'
import { temporaryFile } from '../support/temporary-file.ts'
import { keys, reserveKeys } from './set-up.ts'
import { countsByType, countsOfKeys } from './three-projections.ts'

const byHand = (file: string, sql: string): void => {
  const connection = connect(file)
  connection.exec(sql)
  connection.close()
}

/** A store with views in its file, all open; and its file. */
const oneFile = async () => {
  const file = temporaryFile('store.db')
  const store = await openSqliteStore({ file })
  const views = await openSqliteViews({ file })
  const projections = createProjections({ store, views, leaseMs: 1000 })
  onTestFinished(async () => {
    await projections.dispose()
    await views.dispose()
    await store.dispose()
  })
  return { file, store, views, projections, ledger: createLedger({ store }) }
}

describe('views in the file of their store', () => {
  it('are run, rebuilt and read while the store goes on, and after it is opened again', async () => {
    const { file, ledger, projections } = await oneFile()
    projections.run(countsOfKeys, { partitions: 2 })
    await reserveKeys(ledger, ...keys(10))
    expect(await projections.waitUntil(countsOfKeys.name, 'end')).toBe(true)
    await projections.rebuild(countsByType)
    await reserveKeys(ledger, 'after')
    expect(await projections.verify(countsOfKeys)).toMatchObject({ difference: undefined })
    const again = await openSqliteStore({ file, check: 'full' })
    onTestFinished(() => again.dispose())
    await reserveKeys(createLedger({ store: again }), 'again')
    expect(await projections.waitUntil(countsOfKeys.name, 'end')).toBe(true)
  })
  it('go with its file where that is copied once it is closed', async () => {
    const { file, ledger, projections, views, store } = await oneFile()
    await reserveKeys(ledger, ...keys(4))
    await projections.rebuild(countsOfKeys)
    await projections.dispose()
    await views.dispose()
    await store.dispose()
    const copy = temporaryFile('copy.db')
    copyFileSync(file, copy)
    const restored = await openSqliteStore({ file: copy, inline: [countsOfKeys], check: 'full' })
    const its = await openSqliteViews({ file: copy })
    const there = createProjections({ store: restored, views: its })
    expect(await there.verify(countsOfKeys)).toMatchObject({ events: 6, difference: undefined })
    await there.dispose()
    await its.dispose()
    await restored.dispose()
  })

  it('that took in nothing yet are brought level as they are put in their place, from their own log alone', async () => {
    const { store, views, ledger } = await oneFile()
    // what is recorded after the log was read to its end
    const late: typeof views = {
      ...views,
      parked: (build) => async () => {
        await reserveKeys(ledger, `late ${build}`)
        return views.parked(build)()
      }
    }
    const projections = createProjections({ store, views: late })
    expect(await projections.rebuild(countsByType)).toMatchObject({ events: 0 })
    expect(await projections.view(countsByType).get('Reserved')).toBe(1)
    const elsewhere = createProjections({ store: await openMemoryStore(), views: late })
    expect(await elsewhere.rebuild(countsByType)).toMatchObject({ events: 0 })
    expect(await elsewhere.view(countsByType).get('Reserved')).toBe(undefined)
    await projections.dispose()
    await elsewhere.dispose()
  })

  it.each([
    ['a trigger on the events', 'CREATE TRIGGER t AFTER INSERT ON events BEGIN DELETE FROM events; END'],
    ['a trigger on a view’s table', 'CREATE TRIGGER t AFTER INSERT ON view_1 BEGIN DELETE FROM events; END'],
    ['an index on the events', 'CREATE INDEX view_1_7 ON events (type)'],
    ['a table that refers to another', 'CREATE TABLE view_7 (row REFERENCES events (position))'],
    ['a view of the events', 'CREATE VIEW spy AS SELECT * FROM events'],
    ['another table', 'CREATE TABLE view_x (a)'],
    ['an index over an expression', 'CREATE INDEX view_1_7 ON view_1 (abs(state))']
  ])('leave no room for %s', async (_, sql) => {
    const { file, ledger, projections } = await oneFile()
    await reserveKeys(ledger, 'a')
    await projections.rebuild(countsOfKeys)
    await reserveKeys(ledger, 'b')
    byHand(file, sql)
    await expect(reserveKeys(ledger, 'c')).rejects.toMatchObject({ tag: 'NotAStore' })
    await expect(projections.health(countsOfKeys.name)).rejects.toMatchObject({ tag: 'NotAStore' })
    await expect(openSqliteStore({ file })).rejects.toMatchObject({ tag: 'NotAStore' })
    await expect(openSqliteViews({ file })).rejects.toMatchObject({ tag: 'NotAStore' })
  })
  it('are refused where a part of them is missing', async () => {
    const { file, views } = await oneFile()
    await views.dispose()
    byHand(file, 'DROP TABLE parked')
    await expect(openSqliteViews({ file })).rejects.toMatchObject({ tag: 'NotAStore' })
    await expect(openSqliteStore({ file, inline: [countsOfKeys] })).rejects.toMatchObject({ tag: 'NotAStore' })
  })
  it('are refused in a file of a newer keyfold or that may not be written to', async () => {
    const { file, views, store } = await oneFile()
    await views.dispose()
    await store.dispose()
    const toRead: typeof connect = (location) =>
      connect(location.startsWith('file:') ? location : `${pathToFileURL(location).href}?mode=ro`)
    const readOnly = sqliteViewsBy(toRead)
    expect(await readOnly({ file })()).toMatchObject({ _tag: 'Left', left: { _tag: 'StoreReadOnly' } })
    const category = 'idempotency'
    const inline = [inlineOf(countsOfKeys, { sha256, category, clock: Date.now })]
    expect(await sqliteStoreBy(toRead)({ file }, inline)()).toMatchObject({
      _tag: 'Left',
      left: { _tag: 'StoreReadOnly' }
    })
    byHand(file, 'PRAGMA user_version = 3')
    await expect(openSqliteViews({ file })).rejects.toMatchObject({ tag: 'UnsupportedVersion' })
  })
  it('are bounded in number: a store looks at all of them whenever one changes', async () => {
    const { file, views } = await oneFile()
    const shape = { columns: { a: 'text' }, indexes: Array.from({ length: 32 }, () => ['a']) } as const
    let made = 0
    const next = () =>
      views.create({ name: `v_${made}`, version: 1, category: 'c', partitions: 1, standing: 'live' }, shape)()
    let done = await next()
    while (done._tag === 'Right' && made < 100) {
      made++
      done = await next()
    }
    expect(done).toMatchObject({ _tag: 'Left', left: { _tag: 'LimitExceeded', limit: 2048 } })
    expect(made).toBeGreaterThan(50)
    expect(await views.generations()()).toMatchObject({ right: { length: made } })
    await (await openSqliteStore({ file })).dispose()
  })
  it('are not written to a file that is not theirs any more', async () => {
    const { file, views, projections, ledger } = await oneFile()
    await reserveKeys(ledger, 'a')
    await projections.rebuild(countsOfKeys)
    renameSync(file, `${file}.moved`)
    expect(await views.generations()()).toMatchObject({ _tag: 'Left', left: { _tag: 'StoreUnavailable' } })
    await expect(projections.rebuild(countsOfKeys)).rejects.toMatchObject({ tag: 'StoreUnavailable' })
    renameSync(`${file}.moved`, file)
    expect(await projections.verify(countsOfKeys)).toMatchObject({ difference: undefined })
  })
})

describe('the form of what belongs to views', () => {
  const columns = { a: 'text', b_2: 'real' } as const
  const objectsOf = (sql: string) => {
    const file = temporaryFile('x.db')
    byHand(file, sql)
    const connection = connect(file)
    const rows = connection.prepare("SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema").rows([])
    connection.close()
    return rows.map((row) => row.join('\n'))
  }
  it('is what keyfold makes', () => {
    const table = makeBuild(12, columns)
    const made = objectsOf(
      [table, makeIndex(12, 0, ['a', 'b_2']), makeIndex(12, 1, ['a']), makeShown('things', 12, ['a', 'b_2'])].join(';')
    )
    // the table comes with an index of SQLite's own
    expect(made).toHaveLength(5)
    expect(made.filter((one) => !isOfViews(one))).toEqual([])
    // as it was made before rows lay in the order in which they came
    expect(objectsOf(`${table}, WITHOUT ROWID`).every(isOfViews)).toBe(true)
  })
  it.each([
    'CREATE VIEW "things" AS SELECT "row", "state", "partition" FROM view_1, view_2',
    'CREATE TABLE view_1 (row TEXT NOT NULL, partition INTEGER NOT NULL, state TEXT NOT NULL, PRIMARY KEY (row, partition))',
    'CREATE TABLE view_1 (row TEXT NOT NULL, partition INTEGER NOT NULL, state TEXT NOT NULL, "a" TEXT UNIQUE, PRIMARY KEY (row, partition)) STRICT, WITHOUT ROWID'
  ])('is not %s', (sql) => {
    expect(objectsOf(sql).every(isOfViews)).toBe(false)
  })
})
