import * as E from 'fp-ts/Either'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { EventStore } from '../../src/application/ports/event-store.ts'
import { createLedger } from '../../src/index.ts'
import { createProjections, openSqliteViews, type Projection } from '../../src/projections.ts'
import { openSqliteStore, type SqliteStoreOptions } from '../../src/sqlite.ts'
import { eventually } from '../support/eventually.ts'
import { temporaryFile } from '../support/temporary-file.ts'
import { keyNamed, keys, reserveKeys, reserveMany } from './set-up.ts'
import { countsByType, countsOfKeys, held } from './three-projections.ts'

const all = [countsOfKeys, countsByType, held]

const opened = async (file: string, options: Partial<SqliteStoreOptions> = {}) => {
  const store = await openSqliteStore({ file, ...options })
  onTestFinished(() => store.dispose())
  return { store, ledger: createLedger({ store }) }
}

const reading = async (store: EventStore, file: string) => {
  const views = await openSqliteViews({ file })
  const projections = createProjections({ store, views, leaseMs: 1000 })
  onTestFinished(async () => {
    await projections.dispose()
    await views.dispose()
  })
  return projections
}

describe('a view that is kept inline', () => {
  it('shows each append as soon as that is answered, whoever appends, and is the fold of the log', async () => {
    const file = temporaryFile('store.db')
    const { store, ledger } = await opened(file, { inline: all })
    const projections = await reading(store, file)
    for (let n = 0; n < 20; n++) {
      await reserveKeys(ledger, `key ${n}`)
      expect(await projections.view(countsByType).get('Reserved')).toBe(n + 1)
    }
    await Promise.all(keys(64).map((key) => reserveKeys(ledger, `other ${key}`)))
    expect(await projections.view(countsByType).get('Reserved')).toBe(84)
    for (const projection of all) {
      expect(await projections.waitUntil(projection.name, 'end', { withinMs: 0 })).toBe(true)
      expect(await projections.verify(projection)).toMatchObject({ events: 84, parked: 0, difference: undefined })
      expect((await projections.health(projection.name))?.partitions).toMatchObject([{ lagEvents: 0, events: 84 }])
    }
  })
  it('takes in many appends of one transaction', async () => {
    const file = temporaryFile('store.db')
    const { store } = await opened(file, { inline: all })
    const source = await opened(temporaryFile('source.db'))
    await reserveMany(source.ledger, keys(1200))
    const page = await source.store.readAll('start', '', 5000)()
    if (E.isLeft(page)) throw new Error(page.left.message)
    const appends = page.right.events.map((event) => ({
      stream: event.stream,
      expected: { _tag: 'NoStream' } as const,
      events: [event]
    }))
    expect(await store.appendAtomically?.(appends)()).toMatchObject({ _tag: 'Right' })
    const projections = await reading(store, file)
    expect(await projections.view(countsByType).get('Reserved')).toBe(1200)
  })
  it('is brought level when the store is opened, and goes from inline to a run and back', async () => {
    const file = temporaryFile('store.db')
    const first = await opened(file)
    await reserveMany(first.ledger, keys(1500))
    await first.store.dispose()
    const second = await opened(file, { inline: all })
    const inline = await reading(second.store, file)
    expect(await inline.view(countsByType).get('Reserved')).toBe(1500)
    await reserveKeys(second.ledger, 'a', 'b')
    await second.store.dispose()
    const third = await opened(file)
    await reserveKeys(third.ledger, 'c', 'd')
    const running = await reading(third.store, file)
    const runner = running.run(countsByType)
    expect(await running.waitUntil(countsByType.name, 'end')).toBe(true)
    await reserveKeys(third.ledger, 'e')
    expect(await running.waitUntil(countsByType.name, 'end')).toBe(true)
    await runner.stop()
    await third.store.dispose()
    const fourth = await opened(file, { inline: all })
    await reserveKeys(fourth.ledger, 'f', 'g')
    const again = await reading(fourth.store, file)
    for (const projection of all) {
      expect(await again.verify(projection)).toMatchObject({ events: 1510, difference: undefined })
    }
  })
  it('takes in what others write without it: at the next append, and soon without one', async () => {
    const file = temporaryFile('store.db')
    const { store, ledger } = await opened(file, { inline: [countsByType] })
    const other = await opened(file)
    const projections = await reading(store, file)
    await reserveKeys(other.ledger, 'theirs')
    await reserveKeys(ledger, 'ours')
    expect(await projections.view(countsByType).get('Reserved')).toBe(2)
    await reserveKeys(other.ledger, 'more of theirs')
    await eventually(async () => expect(await projections.view(countsByType).get('Reserved')).toBe(3))
    expect(await projections.verify(countsByType)).toMatchObject({ events: 3, difference: undefined })
  })
  it('with several partitions takes an event into that of its key alone', async () => {
    const file = temporaryFile('store.db')
    const before = await opened(file)
    await reserveKeys(before.ledger, ...keys(10))
    const made = await reading(before.store, file)
    await made.rebuild(countsByType, { partitions: 4 })
    const { store, ledger } = await opened(file, { inline: [countsByType] })
    const projections = await reading(store, file)
    await reserveKeys(ledger, ...keys(30).slice(10))
    expect(await projections.view(countsByType).get('Reserved')).toBe(30)
    const partitions = (await projections.health(countsByType.name))?.partitions ?? []
    expect(partitions.map(({ lagEvents }) => lagEvents)).toEqual([0, 0, 0, 0])
    expect(partitions.filter(({ events }) => events > 0).length).toBeGreaterThan(1)
    expect(await projections.verify(countsByType)).toMatchObject({ events: 45, difference: undefined })
  })
  it('is rebuilt beside itself, and never seen behind', async () => {
    const file = temporaryFile('store.db')
    const { store, ledger } = await opened(file, { inline: [countsByType] })
    await reserveKeys(ledger, ...keys(100))
    const projections = await reading(store, file)
    let written = 100
    let isOver = false
    const behind: Array<number> = []
    const write = async () => {
      while (!isOver) {
        await reserveKeys(ledger, `more ${written}`)
        written++
        const seen = (await projections.view(countsByType).get('Reserved')) ?? 0
        if (seen !== written) behind.push(written - seen)
      }
    }
    const writing = write()
    for (let n = 0; n < 5; n++) await projections.rebuild(countsByType, { partitions: 1 + (n % 2), batchSize: 50 })
    isOver = true
    await writing
    expect(behind).toEqual([])
    expect(await projections.verify(countsByType)).toMatchObject({ difference: undefined })
  })
})

/** Throws at whatever is told to it. */
const picky = (mended = false): Projection<number> => ({
  ...countsByType,
  name: 'picky',
  rowOf: () => 'all',
  evolve: (count, { type, data }) => {
    if (!mended && type === 'Reserved' && data.key === 'bad') throw new Error('no')
    return count + 1
  }
})

describe('an inline view that cannot take an event in', () => {
  it('parks its key and fails no append; it is retried and skipped as that of a run is', async () => {
    const file = temporaryFile('store.db')
    const { store, ledger } = await opened(file, { inline: [picky()] })
    const [bad = ''] = await reserveKeys(ledger, 'bad')
    await ledger.completeByKey({
      ...keyNamed('bad'),
      owner: 'me',
      requestFingerprint: 'f',
      outcome: { outcomeKind: 'x' }
    } as never)
    await reserveKeys(ledger, 'good')
    const projections = await reading(store, file)
    expect(await projections.parked('picky')).toMatchObject([{ recordId: bad, waiting: 2, revision: '0' }])
    expect(await projections.view(picky()).get('all')).toBe(1)
    expect(await projections.verify(picky())).toMatchObject({ parked: 1, difference: undefined })
    const by = { recordId: bad, actor: 'ann', reason: 'mended' }
    expect(await projections.retry(picky(true), by)).toMatchObject({ taken: 2, parked: undefined })
    await reserveKeys(ledger, 'after')
    expect(await projections.view(picky()).get('all')).toBe(4)
  })
})
