import { describe, expect, it, onTestFinished } from 'vitest'
import { memoryStore } from '../../../src/adapters/memory/event-store.ts'
import type { EventStore } from '../../../src/application/ports/event-store.ts'
import { createLedger } from '../../../src/composition/ledger.ts'
import { importable } from '../../support/importable.ts'
import { forEver, forReads, oldReads } from '../../support/old-reads.ts'
import { asking, claimOf, done, failureOf, keyOf, streamOf } from '../../support/scripted-ledger.ts'
import { scriptedStore } from '../../support/scripted-store.ts'
import { sqliteStoreOn } from '../../support/sqlite-store.ts'
import { virtualTime } from '../../support/virtual-time.ts'
import { held, world } from '../../support/world-behind.ts'

describe('a store that is never behind', () => {
  it('is right, and not asked for ever, where it shows less than it did', async () => {
    const real = memoryStore()
    const store = oldReads(real, real.confirmCurrent)
    const ledger = createLedger({ store })
    await ledger.complete({ claim: claimOf(await ledger.reserve(asking())), outcome: done })
    store.show(1, forEver)
    expect(await ledger.get(keyOf())).toMatchObject({ status: 'reserved' })
    expect(store.served()).toBe(1)
  })

  it.each<readonly [string, () => Promise<EventStore>]>([
    ['memory', async () => memoryStore()],
    ['a file', () => sqliteStoreOn()]
  ])('does not say so of a view of it that reads in another way: %s', async (_, open) => {
    const real = await open()
    const granting = createLedger({ store: real })
    let old = 3
    const view: EventStore = {
      ...real,
      readStream: (...what) => (old-- > 0 ? async () => ({ _tag: 'Right', right: [] }) : real.readStream(...what))
    }
    const claim = claimOf(await granting.reserve(asking({ lease: 60_000 })))
    expect(await createLedger({ store: view }).renew({ claim, leaseMs: 90_000 })).toMatchObject({ _tag: 'Renewed' })
  })
})

describe('a read of many pages', () => {
  /** A stream of more pages than one, and a view that this process has read all of. */
  const long = async () => {
    const made = await held(world())
    for (let n = 0; n < 100; n++) await made.ledger.reserve(asking({ owner: `asker ${n}` }))
    return made
  }

  it.each([0, 3, 5, 50])('is not put together from two states: every other page shows %i events', async (events) => {
    const made = await long()
    let page = 0
    made.store.show(events, () => page++ % 2 === 1)
    expect(await made.another().get(keyOf())).toMatchObject({ epoch: 3, duplicateCount: 100 })
    // the past of an earlier claim is read forwards, to the end
    expect(await made.another().history(keyOf())).toHaveLength(105)
    expect(made.store.served()).toBeGreaterThan(1)
  })
})

describe('counts that wait', () => {
  it('are not thrown away because a read shows the key before it was held', async () => {
    const { ledger, store, another } = world()
    const counting = another({ recording: 'coalesce' })
    const claim = claimOf(await ledger.reserve(asking()))
    for (let n = 0; n < 3; n++) await counting.reserve(asking())
    store.show(0, forReads(3))
    await counting.dispose()
    expect(await ledger.get(keyOf())).toMatchObject({ epoch: claim.epoch, duplicateCount: 3 })
    expect(store.served()).toBe(3)
  })
})

describe('records that were imported in one transaction', () => {
  it('are there for whoever asks next', async () => {
    const { ledger, store } = world()
    await ledger.importRecords([importable('k'), importable('l')], { source: 's' })
    store.show(0, forReads(3))
    expect(await ledger.get(keyOf('l'))).toMatchObject({ owner: 'older' })
    expect(store.served()).toBe(3)
  })
})

describe('a key whose events are gone', () => {
  it('is free at once where the store can tell that they were removed', async () => {
    const real = memoryStore()
    let removed = false
    const asks: Array<bigint> = []
    const store: EventStore = {
      ...real,
      append: (append) => (removed ? async () => ({ _tag: 'Right', right: { revision: 0n } }) : real.append(append)),
      readStream: (...what) => (removed ? async () => ({ _tag: 'Right', right: [] }) : real.readStream(...what)),
      isRemoved: (_, revision) => async () => {
        asks.push(revision)
        return { _tag: 'Right', right: removed }
      }
    }
    const { ledger, another } = await held(world(store))
    removed = true
    expect(await ledger.get(keyOf())).toBeUndefined()
    expect(asks).toEqual([4n])
    // it is asked about once
    expect(await another().history(keyOf())).toEqual([])
    expect(asks).toEqual([4n])
    expect(await another().reserve(asking({ owner: 'the next' }))).toMatchObject({ claim: { epoch: 1 } })
  })

  it('is not free where the store could not say whether they were', async () => {
    const store: EventStore = {
      ...memoryStore(),
      isRemoved: () => async () => ({ _tag: 'Left', left: { _tag: 'AccessDenied', message: 'no right to ask' } })
    }
    const made = await held(world(store))
    made.store.show(0, forEver)
    expect(await failureOf(made.ledger.get(keyOf()))).toMatchObject({ _tag: 'AccessDenied' })
  })

  it('is not asked about while reads show what they must', async () => {
    const store: EventStore = { ...memoryStore(), isRemoved: () => expect.unreachable('nothing is missing') }
    const { ledger, claim } = await held(world(store))
    await ledger.complete({ claim, outcome: done })
    expect(await ledger.history(keyOf())).toHaveLength(6)
    expect(await ledger.get(keyOf('another'))).toBeUndefined()
  })

  it('is not free because the last of its events are gone from a file', async () => {
    const real = await sqliteStoreOn()
    const made = await held(world(real))
    made.store.show(4, forEver)
    expect(await real.isRemoved?.(streamOf(), 4n)()).toEqual({ _tag: 'Right', right: false })
    expect(await failureOf(made.ledger.get(keyOf()))).toMatchObject({ _tag: 'StoreUnavailable' })
  })
})

describe('two ledgers on one store', () => {
  it('do not read again for what one of them wrote while the other was reading', async () => {
    const scripted = scriptedStore()
    const one = createLedger({ store: scripted, timer: virtualTime() })
    const other = createLedger({ store: scripted, timer: virtualTime() })
    onTestFinished(() => one.dispose())
    await one.reserve(asking())
    scripted.forget()
    scripted.onRead(async (real) => {
      const read = await real()
      await one.reserve(asking())
      return read
    })
    expect(await other.get(keyOf())).toMatchObject({ duplicateCount: 0 })
    expect(scripted.reads).toHaveLength(1)
  })
})
