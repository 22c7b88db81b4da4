import { describe, expect, it } from 'vitest'
import type { IdempotencyRecord } from '../../../src/domain/record.ts'
import { importable } from '../../support/importable.ts'
import {
  asking,
  claimOf,
  done,
  failureOf,
  granted,
  idOf,
  keyOf,
  type ScriptedLedger,
  scriptedLedger,
  stored,
  storedTypes
} from '../../support/scripted-ledger.ts'

const source = 'older.json'
const three = ['a', 'b', 'c'].map((key) => importable(key))
const completed = (key: string, over: Parameters<typeof importable>[1] = {}): IdempotencyRecord =>
  importable(key, { status: 'completed', outcome: { outcomeKind: 'done', completedAtMs: 700, details: [1] }, ...over })

const held = async ({ ledger }: ScriptedLedger): Promise<ReadonlyArray<string>> =>
  (await ledger.list()).map(({ key }) => key).sort()

describe.each([
  ['with transactions', true],
  ['without transactions', false]
])('an import on a store %s', (_, transactions) => {
  const world = () => scriptedLedger({ transactions })

  it('brings records in as they are, each with its source and the time', async () => {
    const { ledger, store, clock } = world()
    clock.now = 5000
    const record = completed('a', {
      conflictCount: 2,
      conflictFingerprints: ['x'],
      firstSeenEventId: 'e',
      expiresAtMs: 9
    })
    expect(await ledger.importRecords([record, importable('b')], { source })).toEqual({ imported: 2, skipped: 0 })
    expect(await ledger.get(keyOf('a'))).toEqual(record)
    const [event] = await stored(store, 'a')
    expect(event?.type).toBe('Imported')
    expect(JSON.parse(event?.data ?? '')).toMatchObject({ atMs: 5000, epoch: 1, source, record: { key: 'a' } })
  })
  it('takes the caller’s time', async () => {
    const { ledger, store } = world()
    await ledger.importRecords([importable('a')], { source, nowMs: 77 })
    expect(JSON.parse((await stored(store, 'a'))[0]?.data ?? '')).toMatchObject({ atMs: 77 })
  })
  it('of nothing does nothing', async () => {
    const { ledger, store } = world()
    expect(await ledger.importRecords([], { source })).toEqual({ imported: 0, skipped: 0 })
    expect(store.appends).toEqual([])
  })
  it('answers reserve like any other record; nobody has a claim on it', async () => {
    const { ledger } = world()
    await ledger.importRecords([importable('a'), completed('b')], { source })
    expect(await ledger.reserve(asking({ key: 'a' }))).toMatchObject({ _tag: 'Duplicate' })
    expect(await ledger.reserve(asking({ key: 'b' }))).toMatchObject({
      _tag: 'Duplicate',
      record: { outcome: { outcomeKind: 'done' } }
    })
    expect(await ledger.completeByKey({ ...keyOf('a'), outcome: done })).toMatchObject({ record: { outcome: done } })
    const claim = { recordId: idOf('a'), epoch: 1, claimId: 'guessed' }
    expect(await failureOf(ledger.complete({ claim, outcome: done }))).toMatchObject({ _tag: 'UnknownClaim' })
  })
  it('with a lease gives those in flight an end, after which they are taken over; others none', async () => {
    const { ledger, clock } = world()
    await ledger.importRecords([importable('a'), completed('b')], { source, leaseMs: 1000 })
    expect(await ledger.get(keyOf('a'))).toMatchObject({ leaseExpiresAtMs: 2000 })
    expect((await ledger.get(keyOf('b')))?.leaseExpiresAtMs).toBeUndefined()
    expect(await ledger.list({ stuckAtMs: 2000 })).toMatchObject([{ key: 'a' }])
    clock.now = 2000
    const taken = granted(await ledger.reserve(asking({ key: 'a' })))
    expect(taken).toMatchObject({ takeover: true, claim: { epoch: 2 }, previous: { owner: 'older' } })
    expect(await ledger.complete({ claim: taken.claim, outcome: done })).toMatchObject({ _tag: 'Completed' })
  })
  it('run again skips what stands, whatever came since, also with another lease', async () => {
    const { ledger, store } = world()
    await ledger.importRecords(three, { source, leaseMs: 1000 })
    await ledger.reserve(asking({ key: 'a' }))
    await ledger.completeByKey({ ...keyOf('b'), outcome: done })
    await ledger.expireByOperator({ ...keyOf('c'), actor: 'o', note: 'n' })
    const claim = claimOf(await ledger.reserve(asking({ key: 'c' })))
    const before = await Promise.all(['a', 'b', 'c'].map((key) => storedTypes(store, key)))
    for (const leaseMs of [1000, 9_000_000, undefined]) {
      expect(await ledger.importRecords(three, { source: 'another name', leaseMs })).toEqual({
        imported: 0,
        skipped: 3
      })
    }
    expect(await Promise.all(['a', 'b', 'c'].map((key) => storedTypes(store, key)))).toEqual(before)
    expect(await ledger.complete({ claim, outcome: done })).toMatchObject({ _tag: 'Completed' })
  })
  it('skips a record that stands as it is although it was never imported', async () => {
    const { ledger, store } = world()
    const owner = { tenant: { ...keyOf().tenant, source: 'explicit' as const }, owner: 'older' }
    await ledger.reserve(asking({ key: 'a', nowMs: 500, lease: 'none', ...owner }))
    expect(await ledger.importRecords([importable('a')], { source })).toEqual({ imported: 0, skipped: 1 })
    expect(await storedTypes(store, 'a')).toEqual(['Reserved'])
  })
  it('brings a record in on a key that was given back', async () => {
    const { ledger, store } = world()
    const claim = claimOf(await ledger.reserve(asking({ key: 'a' })))
    await ledger.release({ claim })
    expect(await ledger.importRecords([importable('a')], { source })).toEqual({ imported: 1, skipped: 0 })
    expect(await storedTypes(store, 'a')).toEqual(['Reserved', 'Expired', 'Imported'])
    expect(await ledger.get(keyOf('a'))).toMatchObject({ epoch: 2, owner: 'older' })
  })
  it('is refused where a key is held differently: by its record id, and nothing is written', async () => {
    const made = world()
    await made.ledger.reserve(asking({ key: 'c', owner: 'other' }))
    const failed = await failureOf(made.ledger.importRecords(three, { source }))
    expect(failed).toMatchObject({ _tag: 'ImportRefused', recordId: idOf('c') })
    expect(failed.message).toContain(idOf('c'))
    expect(await held(made)).toEqual(['c'])
  })
  it('takes a record that it holds twice as one, and counts the other as skipped', async () => {
    const made = world()
    const twice = [importable('a'), importable('b'), importable('a')]
    expect(await made.ledger.importRecords(twice, { source })).toEqual({ imported: 2, skipped: 1 })
    expect(await storedTypes(made.store, 'a')).toEqual(['Imported'])
  })
  it('is refused where it holds a key twice, and differently; and nothing is written', async () => {
    const made = world()
    const released = claimOf(await made.ledger.reserve(asking({ key: 'b' })))
    await made.ledger.release({ claim: released })
    for (const key of ['a', 'b']) {
      const both = [importable(key), importable('c'), importable(key, { owner: 'another' })]
      expect(await failureOf(made.ledger.importRecords(both, { source }))).toMatchObject({
        _tag: 'ImportRefused',
        recordId: idOf(key)
      })
    }
    expect(await held(made)).toEqual([])
  })
  it('tells its progress: what was checked, what was written, all of it in the end', async () => {
    const { ledger } = world()
    const records = Array.from({ length: 450 }, (_unused, index) => importable(`k${index}`))
    const told: Array<{ readonly checked: number; readonly written: number }> = []
    await ledger.importRecords(records.slice(0, 50), { source })
    await ledger.importRecords(records, { source, onProgress: (progress) => told.push({ ...progress }) })
    expect(told.length).toBeGreaterThan(3)
    expect(told).toContainEqual({ checked: 450, written: 0 })
    expect(told.at(-1)).toEqual({ checked: 450, written: 400 })
    for (const [index, { checked, written }] of told.entries()) {
      expect(checked + written).toBeGreaterThan((told[index - 1]?.checked ?? -1) + (told[index - 1]?.written ?? 0))
    }
    told.length = 0
    await ledger.importRecords(records.slice(0, 50), { source, onProgress: (progress) => told.push({ ...progress }) })
    expect(told.at(-1)).toEqual({ checked: 50, written: 0 })
  })
  it('goes on where the one who is told its progress throws', async () => {
    const { ledger } = world()
    const onProgress = () => {
      throw new Error('the terminal is gone')
    }
    expect(await ledger.importRecords(three, { source, onProgress })).toEqual({ imported: 3, skipped: 0 })
  })
  it('lets others have their turn', async () => {
    const { ledger } = world()
    const records = Array.from({ length: 3000 }, (_unused, index) => importable(`k${index}`))
    let turns = 0
    let running = true
    const turn = (): void => {
      turns++
      if (running) setImmediate(turn)
    }
    setImmediate(turn)
    await ledger.importRecords(records, { source })
    running = false
    expect(turns).toBeGreaterThan(2 * (3000 / 200) - 2)
  })
})
