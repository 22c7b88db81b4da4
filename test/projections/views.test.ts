import { describe, expect, it } from 'vitest'
import { connect } from '../../src/adapters/sqlite/connection.ts'
import { openMemoryStore } from '../../src/memory.ts'
import { openMemoryViews, openSqliteViews } from '../../src/projections.ts'
import { openSqliteStore } from '../../src/sqlite.ts'
import { standIn, storeOn } from '../support/eventstoredb.ts'
import { temporaryFile } from '../support/temporary-file.ts'
import { keys, reserveKeys, world } from './set-up.ts'
import { countsByType, countsOfKeys, held } from './three-projections.ts'

const settings = [
  ['memory', 'memory', () => openMemoryStore(), () => openMemoryViews()],
  [
    'SQLite',
    'SQLite',
    () => openSqliteStore({ file: temporaryFile('store.db') }),
    () => openSqliteViews({ file: temporaryFile('views.db') })
  ],
  [
    'the stand-in',
    'SQLite',
    async () => storeOn((await standIn()).url),
    () => openSqliteViews({ file: temporaryFile('views.db') })
  ]
] as const

describe.each(settings)('views of %s, kept in %s', (_, __, openStore, openViews) => {
  it('are the fold of the log, live, with rows that are keys and rows that are none', async () => {
    const { ledger, projections } = await world({ store: await openStore(), views: await openViews() })
    await reserveKeys(ledger, ...keys(10))
    const runners = [
      projections.run(countsOfKeys, { partitions: 3 }),
      projections.run(countsByType, { partitions: 2 }),
      projections.run(held)
    ]
    await reserveKeys(ledger, ...keys(20).slice(10))
    for (const { name } of [countsOfKeys, countsByType, held]) {
      expect(await projections.waitUntil(name, 'end')).toBe(true)
    }
    expect(await projections.view(countsByType).get('Reserved')).toBe(20)
    expect(await projections.view(countsByType).get('Completed')).toBe(10)
    expect(await projections.view(countsByType).get('Expired')).toBe(undefined)
    expect((await projections.view(held).page()).rows).toHaveLength(10)
    for (const projection of [countsOfKeys, countsByType, held]) {
      expect(await projections.verify(projection)).toMatchObject({ events: 30, parked: 0, difference: undefined })
    }
    const health = await projections.health('counts_of_keys')
    expect(health).toMatchObject({ version: 1, category: 'idempotency', rebuilding: false, parkedKeys: 0 })
    expect(health?.partitions.map(({ lagEvents, lagSeconds }) => [lagEvents, lagSeconds])).toEqual(
      Array.from({ length: 3 }, () => [0, 0])
    )
    for (const { stop } of runners) await stop()
    for (const { ended } of runners) await ended()
    await reserveKeys(ledger, 'later')
    const behind = await projections.health('held')
    expect(behind?.partitions).toMatchObject([{ lagEvents: 1, lagIsMore: false, events: 30 }])
    expect(await projections.waitUntil('held', 'end', { withinMs: 0 })).toBe(false)
  })
  it('go on where they stopped', async () => {
    const { ledger, projections } = await world({ store: await openStore(), views: await openViews() })
    for (let n = 0; n < 3; n++) {
      const runner = projections.run(countsOfKeys)
      await reserveKeys(ledger, `key ${n}`)
      expect(await projections.waitUntil('counts_of_keys', 'end')).toBe(true)
      await runner.stop()
    }
    expect(await projections.verify(countsOfKeys)).toMatchObject({ events: 3, rows: 3, difference: undefined })
  })
})

describe('pages of a view', () => {
  it('come by row, merged over partitions, each row once', async () => {
    const { ledger, projections } = await world()
    await reserveKeys(ledger, ...keys(9))
    projections.run(countsOfKeys, { partitions: 4 })
    await projections.waitUntil('counts_of_keys', 'end')
    const view = projections.view(countsOfKeys)
    const rows: Array<string> = []
    for (let after: string | undefined; ; ) {
      const page = await view.page({ after, limit: 2 })
      rows.push(...page.rows.map(({ row }) => row))
      after = page.next
      if (after === undefined) break
    }
    expect(rows).toHaveLength(9)
    expect(rows).toEqual([...new Set(rows)].sort())
    await expect(view.page({ limit: 0 })).rejects.toMatchObject({ tag: 'InvalidInput' })
  })
})

describe('a view by SQL', () => {
  it('stands under its name with its columns, across a rebuild', async () => {
    const file = temporaryFile('views.db')
    const { ledger, projections } = await world({ views: await openSqliteViews({ file }) })
    await reserveKeys(ledger, ...keys(4))
    projections.run(countsOfKeys)
    await projections.waitUntil('counts_of_keys', 'end')
    const connection = connect(file)
    const completed = () =>
      connection.prepare('SELECT row, reserved, completed FROM counts_of_keys WHERE completed = 1').rows([])
    expect(completed()).toHaveLength(2)
    await projections.rebuild(countsOfKeys, { partitions: 2 })
    expect(completed()).toHaveLength(2)
    expect(
      connection.prepare('EXPLAIN QUERY PLAN SELECT row FROM counts_of_keys WHERE completed = 1').rows([]).join()
    ).toContain('INDEX view_2_0')
    connection.close()
  })
})
