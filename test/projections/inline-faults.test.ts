import { describe, expect, it, onTestFinished } from 'vitest'
import { connect } from '../../src/adapters/sqlite/connection.ts'
import { openEventStoreDbStore } from '../../src/eventstoredb.ts'
import { createLedger } from '../../src/index.ts'
import { openMemoryStore } from '../../src/memory.ts'
import { createProjections, openSqliteViews, type Projection } from '../../src/projections.ts'
import { openSqliteStore, type SqliteStoreOptions } from '../../src/sqlite.ts'
import { eventually } from '../support/eventually.ts'
import { temporaryFile } from '../support/temporary-file.ts'
import { keys, reserveKeys, reserveMany } from './set-up.ts'
import { countsByType, countsOfKeys } from './three-projections.ts'

const opened = async (file: string, options: Partial<SqliteStoreOptions> = {}) => {
  const store = await openSqliteStore({ file, ...options })
  const views = await openSqliteViews({ file })
  const projections = createProjections({ store, views, leaseMs: 1000 })
  onTestFinished(async () => {
    await projections.dispose()
    await views.dispose()
    await store.dispose()
  })
  return { store, projections, ledger: createLedger({ store }) }
}

/** What is warned of while a test runs. */
const warnings = (): ReadonlyArray<string> => {
  const all: Array<string> = []
  const hear = ({ message }: Error): void => void all.push(message)
  process.on('warning', hear)
  onTestFinished(() => void process.off('warning', hear))
  return all
}

const newer = { ...countsByType, version: 2 }

describe('a store with an inline view', () => {
  it('is not opened where the view is of another version, and is once that is rebuilt', async () => {
    const file = temporaryFile('store.db')
    const { ledger, projections, store } = await opened(file, { inline: [countsByType] })
    await reserveKeys(ledger, ...keys(4))
    await store.dispose()
    await expect(openSqliteStore({ file, inline: [newer] })).rejects.toMatchObject({ tag: 'UnsupportedVersion' })
    const plain = await opened(file)
    await plain.projections.rebuild(newer)
    await expect(openSqliteStore({ file, inline: [countsByType] })).rejects.toMatchObject({ tag: 'UnsupportedVersion' })
    const again = await opened(file, { inline: [newer] })
    await reserveKeys(again.ledger, 'more')
    expect(await again.projections.view(newer).get('Reserved')).toBe(5)
    await projections.dispose()
  })
  it('is not opened where the view is of another category, or holds what the log does not', async () => {
    const file = temporaryFile('store.db')
    const { ledger } = await opened(file, { inline: [countsByType] })
    await reserveKeys(ledger, 'a')
    await expect(openSqliteStore({ file, inline: [countsByType], inlineCategory: 'payments' })).rejects.toMatchObject({
      failure: { path: '$.category' }
    })
    const connection = connect(file)
    connection.exec(`UPDATE checkpoints SET anchor = json_set(anchor, '$.id', 'another')`)
    connection.close()
    await expect(openSqliteStore({ file, inline: [countsByType] })).rejects.toMatchObject({ tag: 'NotAStore' })
  })
  it('follows the category that it is told', async () => {
    const file = temporaryFile('store.db')
    const { store } = await opened(file, { inline: [countsByType], inlineCategory: 'payments' })
    await reserveKeys(createLedger({ store }), 'passed over')
    await reserveKeys(createLedger({ store, category: 'payments' }), 'taken in')
    const views = await openSqliteViews({ file })
    const projections = createProjections({ store, views, category: 'payments' })
    expect(await projections.view(countsByType).get('Reserved')).toBe(1)
    expect(await projections.verify(countsByType)).toMatchObject({ events: 1, difference: undefined })
    await projections.dispose()
    await views.dispose()
  })
  it('goes on without a view that another one rebuilt by a newer projection, and says so once', async () => {
    const told = warnings()
    const file = temporaryFile('store.db')
    const { ledger, store } = await opened(file, { inline: [countsByType, countsOfKeys] })
    await reserveKeys(ledger, 'a')
    const other = await opened(file)
    await other.projections.rebuild(newer)
    await reserveKeys(ledger, 'b', 'c')
    expect(await other.projections.view(newer).get('Reserved')).toBe(1)
    expect((await other.projections.health(countsByType.name))?.partitions).toMatchObject([{ lagEvents: 3 }])
    expect(await other.projections.verify(countsOfKeys)).toMatchObject({ events: 4, difference: undefined })
    await eventually(() => expect(told.filter((one) => one.includes('counts_by_type'))).toHaveLength(1))
    await store.dispose()
    const again = await opened(file, { inline: [newer] })
    expect(await again.projections.verify(newer)).toMatchObject({ events: 4, difference: undefined })
  })
  it.each([
    ['a text', 'reserved'],
    [true, 'reserved'],
    [10.5, 'reserved'],
    [2 ** 60, 'reserved'],
    [Number.NaN, 'reserved'],
    [{}, 'reserved'],
    [1n, 'reserved'],
    [new Error('thrown'), 'thrown']
  ])(
    'parks the key whose column would be %s, at the append and at a rebuild, and stops no other',
    async (odd, named) => {
      const file = temporaryFile('store.db')
      let isMended = false
      const misfits: Projection<{ readonly [type: string]: number }> = {
        ...countsOfKeys,
        columnsOf: ({ Reserved, Completed }) => {
          if (Completed !== undefined && !isMended && odd instanceof Error) throw odd
          return { reserved: Completed !== undefined && !isMended ? (odd as number) : (Reserved ?? 0) }
        }
      }
      const { store, ledger, projections } = await opened(file, { inline: [misfits] })
      const [, second] = await reserveKeys(ledger, ...keys(3))
      const parked = await projections.parked(misfits.name)
      expect(parked).toMatchObject([{ recordId: second, tag: 'Threw', revision: '1' }])
      expect(parked[0]?.reason).toContain(named)
      expect(await projections.verify(misfits)).toMatchObject({ events: 4, rows: 3, parked: 1, difference: undefined })
      await store.dispose()
      const again = await opened(file, { inline: [misfits] })
      await expect(again.projections.rebuild(misfits)).rejects.toMatchObject({ tag: 'CorruptStream' })
      isMended = true
      const by = { recordId: String(second), actor: 'ann', reason: 'mended' }
      expect(await again.projections.retry(misfits, by)).toMatchObject({ taken: 1, parked: undefined })
      await projections.dispose()
    }
  )
  it('parks the key whose state is too deep', async () => {
    const file = temporaryFile('store.db')
    let deep: unknown = 1
    for (let n = 0; n < 20_000; n++) deep = [deep]
    const nested: Projection<unknown> = {
      ...{ name: 'nested', version: 1, initialState: 0 },
      evolve: (_, { type }) => (type === 'Completed' ? deep : 1)
    }
    const { ledger, projections } = await opened(file, { inline: [nested] })
    const [, second] = await reserveKeys(ledger, ...keys(3))
    expect(await projections.parked(nested.name)).toMatchObject([{ recordId: second, tag: 'Threw' }])
    expect((await projections.view(nested).page()).rows).toHaveLength(3)
  })
  it('is opened though a view cannot be kept for now, and tells each time that one falls behind', async () => {
    const told = warnings()
    const file = temporaryFile('store.db')
    const { store, ledger } = await opened(file, { inline: [countsByType] })
    await reserveKeys(ledger, 'a')
    await store.dispose()
    const put = (position: string): void => {
      const connection = connect(file)
      connection.exec(`UPDATE checkpoints SET position = '${position}'`)
      connection.close()
    }
    put('no place')
    const again = await opened(file, { inline: [countsByType] })
    await reserveKeys(again.ledger, 'b')
    expect(await again.projections.view(countsByType).get('Reserved')).toBe(1)
    await eventually(() => expect(told).toHaveLength(1))
    put('1')
    await eventually(async () => expect(await again.projections.view(countsByType).get('Reserved')).toBe(2))
    put('nowhere')
    await eventually(() => expect(told).toHaveLength(2))
  })
  it('shows an append as soon as that is answered, though others wrote much beside it', async () => {
    const file = temporaryFile('store.db')
    const { ledger, projections } = await opened(file, { inline: [countsByType] })
    const other = await openSqliteStore({ file })
    const from = await openMemoryStore()
    await reserveMany(createLedger({ store: from }), keys(3000))
    const page = await from.readAll('start', '', 3000)()
    if (!('right' in page)) throw new Error('the log was not read')
    const appends = page.right.events.map((event) => ({
      ...{ stream: event.stream, expected: { _tag: 'NoStream' as const } },
      events: [event]
    }))
    expect(await other.appendAtomically?.(appends)()).toMatchObject({ _tag: 'Right' })
    await reserveKeys(ledger, 'ours')
    expect(await projections.view(countsByType).get('Reserved')).toBe(3001)
    await other.dispose()
  })
  it('lets an append pass that others left far behind, and catches up', async () => {
    const file = temporaryFile('store.db')
    const { ledger, projections } = await opened(file, { inline: [countsByType] })
    const other = await opened(file)
    await reserveMany(other.ledger, keys(2500))
    await reserveKeys(ledger, 'ours')
    await eventually(async () => expect(await projections.view(countsByType).get('Reserved')).toBe(2501))
  })
  it('keeps nothing of an append that was refused', async () => {
    const file = temporaryFile('store.db')
    const { store, ledger, projections } = await opened(file, { inline: [countsByType] })
    await reserveKeys(ledger, 'a')
    const page = await store.readAll('start', '', 1)()
    if (page._tag === 'Left') throw new Error(page.left.message)
    const [event] = page.right.events
    if (event === undefined) throw new Error('nothing is there')
    const again = { ...event, id: 'another id' }
    const refused = await store.append({ stream: event.stream, expected: { _tag: 'NoStream' }, events: [again] })()
    expect(refused).toMatchObject({ _tag: 'Left', left: { _tag: 'WrongExpectedRevision' } })
    const repeated = await store.append({ stream: event.stream, expected: { _tag: 'NoStream' }, events: [event] })()
    expect(repeated).toMatchObject({ _tag: 'Right' })
    expect(await projections.verify(countsByType)).toMatchObject({ events: 1, difference: undefined })
  })
})

describe('what is not to be kept inline', () => {
  it.each([
    [{ inline: [countsByType], writer: 'worker' }, '$.writer'],
    [{ inline: [countsByType, countsByType] }, '$.inline[1].name'],
    [{ inline: [countsByType, { ...countsOfKeys, version: 0 }] }, '$.inline[1].version'],
    [{ inline: [{ ...countsOfKeys, name: 'events' }] }, '$.inline[0].name'],
    [{ inline: [null] }, '$.inline[0]'],
    [{ inline: countsByType }, '$.inline'],
    [{ inline: Array.from({ length: 17 }, (_, n) => ({ ...countsByType, name: `c_${n}` })) }, '$.inline'],
    [{ inline: [countsByType], inlineCategory: 'a-b' }, '$.inlineCategory']
  ])('is InvalidInput by its path: %#', async (options, path) => {
    const file = temporaryFile('store.db')
    await expect(openSqliteStore({ file, ...options } as never)).rejects.toMatchObject({
      tag: 'InvalidInput',
      failure: { path }
    })
  })
  it.each([
    ['a store in memory', () => openMemoryStore({ inline: [countsByType] } as never)],
    [
      'a store on EventStoreDB',
      () => openEventStoreDbStore({ connectionString: 'esdb://127.0.0.1:1', inline: [countsByType] } as never)
    ],
    [
      'views in a file of their own',
      () => openSqliteViews({ file: temporaryFile('v.db'), inline: [countsByType] } as never)
    ]
  ])('is refused by name: %s', async (_, open) => {
    await expect(open()).rejects.toMatchObject({
      tag: 'InvalidInput',
      message: expect.stringContaining('openSqliteStore')
    })
  })
})
