import { describe, expect, it } from 'vitest'
import type { EventStore } from '../../src/application/ports/event-store.ts'
import { createLedger } from '../../src/index.ts'
import { openMemoryStore } from '../../src/memory.ts'
import { keys, reserveKeys, world } from './set-up.ts'
import { countsOfKeys } from './three-projections.ts'

const { name } = countsOfKeys
const notNow = { withinMs: 0 }

/** A view that is level with the log, on which another category has the last word. */
const level = async (partitions: number) => {
  const made = await world()
  await reserveKeys(made.ledger, ...keys(5))
  await made.projections.rebuild(countsOfKeys, { partitions })
  return made
}

const lastOf = async (store: EventStore, category = 'idempotency'): Promise<number> => {
  const page = await store.readAll('start', `${category}-`, 1000)()
  return page._tag === 'Right' ? Number(page.right.events.at(-1)?.position) : Number.NaN
}

describe.each([1, 3])('whoever waits for a view of %d partitions', (partitions) => {
  it('is told of every event that it has taken in, and of none that is yet to come', async () => {
    const { store, ledger, projections } = await level(partitions)
    const last = await lastOf(store)
    for (let position = 1; position <= last; position++) {
      expect(await projections.waitUntil(name, String(position), notNow)).toBe(true)
    }
    expect(await projections.waitUntil(name, '999999', notNow)).toBe(false)
    // one that it has not taken in is none that it has, whoever's event stands there
    await reserveKeys(createLedger({ store, category: 'others' }), 'o')
    await reserveKeys(ledger, 'new', 'newer')
    const newest = await lastOf(store)
    const others = await lastOf(store, 'others')
    for (const position of [newest - 1, newest, newest + 1]) {
      expect(await projections.waitUntil(name, String(position), notNow)).toBe(false)
    }
    // all before it was taken in
    expect(await projections.waitUntil(name, String(others), notNow)).toBe(true)
  })

  it('is told so of the last event of the log, whose ever it is', async () => {
    const { store, projections } = await level(partitions)
    await reserveKeys(createLedger({ store, category: 'others' }), 'o')
    const others = await lastOf(store, 'others')
    expect(await projections.waitUntil(name, String(others), notNow)).toBe(true)
    expect(await projections.waitUntil(name, String(others + 1), notNow)).toBe(false)
  })

  it('is refused what the store takes for no position', async () => {
    const { projections } = await level(partitions)
    for (const position of ['nonsense', '-1', '1e3', '1'.repeat(4000)]) {
      const refused = await projections.taskEither.waitUntil(name, position, notNow)()
      expect(refused).toMatchObject({ _tag: 'Left', left: { _tag: 'InvalidInput', path: '$.position' } })
      expect(refused._tag === 'Left' && refused.left.message.length).toBeLessThan(300)
    }
  })
})

describe('whoever waits and gives up', () => {
  it('is not kept by a log in which the view’s own place is to be found first', async () => {
    const memory = await openMemoryStore()
    const controller = new AbortController()
    let pages = 0
    const store: EventStore = {
      ...memory,
      readAll: (after, prefix, count) => {
        if (!isLong) return memory.readAll(after, prefix, count)
        if (++pages === 3) controller.abort()
        return async () => ({ _tag: 'Right', right: { events: [], next: `${1_000_000 + pages}`, atEnd: false } })
      }
    }
    let isLong = false
    const { ledger, projections } = await world({ store })
    await reserveKeys(ledger, ...keys(3))
    // the last events are of others, so that the place of a view is not that of its last event
    const { stop, ended } = projections.run(countsOfKeys)
    expect(await projections.waitUntil(name, 'end')).toBe(true)
    await reserveKeys(createLedger({ store, category: 'others' }), 'o')
    await reserveKeys(ledger, 'k')
    expect(await projections.waitUntil(name, 'end')).toBe(true)
    await reserveKeys(createLedger({ store, category: 'others' }), 'o2')
    await stop()
    await ended()
    isLong = true
    expect(await projections.waitUntil(name, 'end', { withinMs: 600_000, signal: controller.signal })).toBe(false)
    expect(pages).toBeLessThan(10)
  })
})
