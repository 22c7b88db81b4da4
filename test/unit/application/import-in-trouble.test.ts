import { describe, expect, it } from 'vitest'
import { failure } from '../../../src/domain/failure.ts'
import { importable } from '../../support/importable.ts'
import {
  asking,
  failureOf,
  idOf,
  keyOf,
  type ScriptedLedger,
  scriptedLedger,
  storedTypes
} from '../../support/scripted-ledger.ts'
import { type AtomicStep, unreadable, works } from '../../support/scripted-store.ts'

const source = 'older.json'
const three = ['a', 'b', 'c'].map((key) => importable(key))

const held = async ({ ledger }: ScriptedLedger): Promise<ReadonlyArray<string>> =>
  (await ledger.list()).map(({ key }) => key).sort()

const unknown =
  (error = failure('StoreUnavailable', 'lost')): AtomicStep =>
  async () => ({
    _tag: 'Left',
    left: { _tag: 'OutcomeUnknown', error, index: 0 }
  })
const unknownAfter: AtomicStep = async (real) => {
  await real()
  return unknown()(real)
}

describe('an import on a store with transactions', () => {
  it('writes all or nothing: a conflict in the middle is Contended, and nothing is imported', async () => {
    const world = scriptedLedger()
    world.store.onAtomic(async (real) => {
      await world.rival.reserve(asking({ key: 'b' }))
      return real()
    })
    expect(await failureOf(world.ledger.importRecords(three, { source }))).toMatchObject({ _tag: 'Contended' })
    expect(await held(world)).toEqual(['b'])
    await world.rival.expireByOperator({ ...keyOf('b'), actor: 'o', note: 'n' })
    expect(await world.ledger.importRecords(three, { source })).toEqual({ imported: 3, skipped: 0 })
  })
  it('fails as the store does, and nothing is imported', async () => {
    const world = scriptedLedger()
    const full = failure('StoreFull', 'full')
    world.store.onAtomic(async () => ({ _tag: 'Left', left: { _tag: 'NotWritten', error: full, index: 0 } }))
    expect(await failureOf(world.ledger.importRecords(three, { source }))).toEqual(full)
    expect(await held(world)).toEqual([])
  })
  it.each<[string, ReadonlyArray<AtomicStep>]>([
    ['after it was written', [unknownAfter]],
    ['before it was written', [unknown()]],
    ['several times', [unknown(), unknown(), unknownAfter]]
  ])('is found out where its answer is lost %s', async (_, steps) => {
    const world = scriptedLedger()
    world.store.onAtomic(...steps)
    expect(await world.ledger.importRecords(three, { source })).toEqual({ imported: 3, skipped: 0 })
    for (const key of ['a', 'b', 'c']) expect(await storedTypes(world.store, key)).toEqual(['Imported'])
  })
  it('is found out where its write lands only after it was looked for', async () => {
    const world = scriptedLedger()
    world.store.onAtomic(unknown(), async (real) => {
      // the first try lands now, late; this one then meets its events
      await world.rival.importRecords(three, { source })
      return real()
    })
    expect(await world.ledger.importRecords(three, { source })).toEqual({ imported: 3, skipped: 0 })
    expect(await storedTypes(world.store, 'a')).toEqual(['Imported'])
  })
  it('is found out although it took longer to write than a command may take', async () => {
    const world = scriptedLedger({ deadlineMs: 500 })
    world.store.onAtomic(async (real) => {
      world.time.pass(60_000)
      return unknownAfter(real)
    })
    expect(await world.ledger.importRecords(three, { source })).toEqual({ imported: 3, skipped: 0 })
  })
  it('is refused where another took a key while it was in doubt', async () => {
    const world = scriptedLedger()
    world.store.onAtomic(async (real) => {
      await world.rival.reserve(asking({ key: 'b' }))
      return unknown()(real)
    })
    expect(await failureOf(world.ledger.importRecords(three, { source }))).toMatchObject({
      _tag: 'ImportRefused',
      recordId: idOf('b')
    })
    expect(await held(world)).toEqual(['b'])
  })
  it('is found out although the streams cannot be read at first', async () => {
    const world = scriptedLedger()
    world.store.onAtomic(async (real) => {
      world.store.onRead(unreadable, works, unreadable)
      return unknownAfter(real)
    })
    expect(await world.ledger.importRecords(three, { source })).toEqual({ imported: 3, skipped: 0 })
  })
  it('is AppendUnknown where its answer never comes', async () => {
    const world = scriptedLedger({ deadlineMs: 500 })
    const lost = failure('StoreUnavailable', 'lost')
    world.store.onAtomic(...Array.from({ length: 1000 }, () => unknown(lost)))
    expect(await failureOf(world.ledger.importRecords(three, { source }))).toMatchObject({
      _tag: 'AppendUnknown',
      cause: lost
    })
    expect(world.time.monotonicMs()).toBe(500)
  })
})

describe('an import on a store without transactions', () => {
  it('is resumed after a crash half-way: what stands is skipped, whatever came since', async () => {
    const world = scriptedLedger({ transactions: false })
    world.store.onAppend(
      (real) => real(),
      () => new Promise(() => undefined)
    )
    const crashed = failureOf(world.ledger.importRecords(three, { source }))
    await expect.poll(() => world.store.appends.length).toBe(2)
    await world.rival.reserve(asking({ key: 'a' }))
    expect(await world.rival.importRecords(three, { source })).toEqual({ imported: 2, skipped: 1 })
    expect(await storedTypes(world.store, 'a')).toEqual(['Imported', 'DuplicateSeen'])
    expect(await held(world)).toEqual(['a', 'b', 'c'])
    await crashed
  })
  it('stops at the first failure, and goes on from there when it is run again', async () => {
    const world = scriptedLedger({ transactions: false })
    const full = failure('StoreFull', 'full')
    world.store.onAppend(
      (real) => real(),
      async () => ({ _tag: 'Left', left: { _tag: 'NotWritten', error: full } })
    )
    expect(await failureOf(world.ledger.importRecords(three, { source }))).toMatchObject(full)
    expect(await held(world)).toEqual(['a'])
    expect(await world.ledger.importRecords(three, { source })).toEqual({ imported: 2, skipped: 1 })
  })
  it('counts what another import brought in meanwhile as skipped', async () => {
    const world = scriptedLedger({ transactions: false })
    world.store.onAppend(async (real) => {
      await world.rival.importRecords(three.slice(0, 2), { source })
      return real()
    })
    expect(await world.ledger.importRecords(three, { source })).toEqual({ imported: 1, skipped: 2 })
  })
  it('is refused where a key was taken meanwhile', async () => {
    const world = scriptedLedger({ transactions: false })
    world.store.onAppend(async (real) => {
      await world.rival.reserve(asking({ key: 'b' }))
      return real()
    })
    expect(await failureOf(world.ledger.importRecords(three, { source }))).toMatchObject({
      _tag: 'ImportRefused',
      recordId: idOf('b')
    })
  })
})
