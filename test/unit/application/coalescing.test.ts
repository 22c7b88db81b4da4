import { describe, expect, it } from 'vitest'
import { held, intervalEnds, other, told } from '../../support/coalescing-ledger.ts'
import { eventually } from '../../support/eventually.ts'
import { asking, done, keyOf, stored } from '../../support/scripted-ledger.ts'

describe('counts that wait', () => {
  it('are in the answers, and are written with the key’s next event', async () => {
    const { store, ledger, claim } = await held()
    const answers = [await ledger.reserve(asking()), await ledger.reserve(asking({ owner: 'b', nowMs: 1500 }))]
    expect(answers).toMatchObject([
      { _tag: 'Duplicate', record: { duplicateCount: 1 } },
      { _tag: 'Duplicate', record: { duplicateCount: 2, lastSeenAtMs: 1500 } }
    ])
    expect(store.appends).toEqual([])
    expect(await ledger.complete({ claim, outcome: done })).toMatchObject({ record: { duplicateCount: 2 } })
    expect(store.appends).toHaveLength(1)
    expect(await told(store)).toEqual(['DuplicateSeen 2', 'Completed'])
    expect(JSON.parse((await stored(store))[1]?.data ?? '')).toEqual({
      atMs: 1500,
      firstAtMs: 1000,
      count: 2,
      owners: ['me', 'b']
    })
  })
  it('leave the fold at hand, so that the next event is one append', async () => {
    const { store, ledger, claim } = await held()
    await ledger.reserve(asking())
    store.forget()
    await ledger.complete({ claim, outcome: done })
    expect([store.appends.length, store.reads.length]).toEqual([1, 0])
  })
  it('are written at the interval’s end, and then nothing waits any more', async () => {
    const world = await held()
    const { store, ledger, time } = world
    await Promise.all([1, 2, 3].map(() => ledger.reserve(asking())))
    expect(await told(store)).toEqual([])
    await intervalEnds(time, world)
    await eventually(async () => expect(await told(store)).toEqual(['DuplicateSeen 3']))
    await eventually(() => expect(time.sleeping()).toBe(0))
    expect(time.slept).toEqual([1000])
    await ledger.reserve(asking())
    await intervalEnds(time, world)
    await eventually(async () => expect(await told(store)).toEqual(['DuplicateSeen 3', 'DuplicateSeen 1']))
  })
  it('are written at dispose', async () => {
    const { store, ledger, time } = await held()
    await ledger.reserve(asking())
    await ledger.reserve({ ...asking({ key: 'another' }) })
    await ledger.reserve({ ...asking({ key: 'another' }) })
    await ledger.dispose()
    expect(await told(store)).toEqual(['DuplicateSeen 1'])
    expect((await stored(store, 'another')).map(({ type }) => type)).toEqual(['Reserved', 'DuplicateSeen'])
    expect(time.sleeping()).toBe(0)
  })
  it('are this process’s own, and lost where it crashes', async () => {
    const { store, ledger, rival } = await held()
    await ledger.reserve(asking())
    expect(await rival.get(keyOf())).toMatchObject({ duplicateCount: 0 })
    expect(await rival.reserve(asking())).toMatchObject({ record: { duplicateCount: 1 } })
    expect(await told(store)).toEqual(['DuplicateSeen 1'])
  })
  it('come together by kind, and the latest stands last', async () => {
    const { store, ledger } = await held()
    await ledger.reserve(other())
    const known = await told(store)
    for (const request of [asking(), other(), asking(), other(), asking({ nowMs: 1800 })]) await ledger.reserve(request)
    await ledger.completeByKey({ ...keyOf(), outcome: done })
    expect(known).toEqual(['ConflictRecorded 1'])
    expect((await told(store)).slice(1)).toEqual(['ConflictRecorded 2', 'DuplicateSeen 3', 'Completed'])
  })
  it('do not make a new conflicting fingerprint wait, and go with it', async () => {
    const { store, ledger } = await held()
    await ledger.reserve(asking())
    expect(await ledger.reserve(other())).toMatchObject({
      _tag: 'Conflict',
      record: { duplicateCount: 1, conflictFingerprints: ['other'] }
    })
    expect(await told(store)).toEqual(['DuplicateSeen 1', 'ConflictRecorded 1'])
    await ledger.reserve(other())
    expect(await told(store)).toEqual(['DuplicateSeen 1', 'ConflictRecorded 1'])
    await ledger.reserve(other('third'))
    expect((await told(store)).slice(2)).toEqual(['ConflictRecorded 1', 'ConflictRecorded 1'])
  })
  it('are written at once where they would grow too large to go with another event', async () => {
    const { store, ledger } = await held()
    const long = (index: number) => asking({ requestFingerprint: `${index}`.padEnd(4000, '.') })
    const known = Array.from({ length: 60 }, (_, index) => long(index))
    for (const request of known) await ledger.reserve(request)
    store.forget()
    for (const request of known) await ledger.reserve(request)
    expect(store.appends.length).toBeGreaterThan(1)
    for (const { events } of store.appends) {
      expect(events.reduce((sum, { data }) => sum + data.length, 0)).toBeLessThan(80 * 1024)
    }
    await ledger.dispose()
    expect(await ledger.get(keyOf())).toMatchObject({ conflictCount: 120 })
  })
})
