import { describe, expect, it } from 'vitest'
import { asking, claimOf, done, failureOf, keyOf, scriptedLedger, stored } from '../../support/scripted-ledger.ts'
import { lostBefore, preceded, type ScriptedStore } from '../../support/scripted-store.ts'

const times = async (store: ScriptedStore): Promise<ReadonlyArray<number>> =>
  (await stored(store)).map(({ data }) => JSON.parse(data).atMs)

describe('the time of a command', () => {
  it('is the caller’s, kept over every try', async () => {
    const { store, ledger, rival, clock } = scriptedLedger()
    const rivals = preceded(async () => {
      clock.now += 10_000
      await rival.reserve(asking({ owner: 'rival', lease: 'none', nowMs: 100 }))
    })
    store.onAppend(rivals, rivals)
    expect(await ledger.reserve(asking({ nowMs: 77 }))).toMatchObject({
      _tag: 'Duplicate',
      record: { lastSeenAtMs: 77 }
    })
    expect(await times(store)).toEqual([100, 100, 77])
  })
  it('is taken anew from a clock at each decision', async () => {
    const { store, ledger, rival, clock } = scriptedLedger()
    const claim = claimOf(await rival.reserve(asking({ lease: 1000 })))
    store.onAppend(
      preceded(async () => {
        await rival.reserve(asking({ owner: 'rival' }))
        clock.now = 2500
      })
    )
    // decided at 1000 it would be a duplicate; by the time that it is decided again the lease is over
    expect(await ledger.reserve(asking())).toMatchObject({ _tag: 'Reserved', takeover: true, claim: { epoch: 2 } })
    expect(claim.epoch).toBe(1)
    expect(await times(store)).toEqual([1000, 1000, 2500, 2500])
  })
  it('is fixed in an attempt, and does not go on while that is in doubt', async () => {
    const { store, ledger, clock } = scriptedLedger()
    const later = preceded(() => {
      clock.now += 1000
    }, lostBefore)
    store.onAppend(later, later)
    expect(await ledger.reserve(asking())).toMatchObject({ record: { firstSeenAtMs: 1000, leaseExpiresAtMs: 2000 } })
  })
  it('is each command’s own within a batch', async () => {
    const { store, ledger } = scriptedLedger()
    await Promise.all([5, 9, 2].map((nowMs) => ledger.reserve(asking({ nowMs, lease: 'none' }))))
    expect(await times(store)).toEqual([5, 2])
    expect(await ledger.get(keyOf())).toMatchObject({ firstSeenAtMs: 5, lastSeenAtMs: 2, duplicateCount: 2 })
  })
  it('may run backwards: what happened later in the stream is later, whatever its time', async () => {
    const { ledger } = scriptedLedger()
    const claim = claimOf(await ledger.reserve(asking({ nowMs: 9000, lease: 'none' })))
    await ledger.complete({ claim, outcome: { outcomeKind: 'done' }, nowMs: 4000 })
    expect(await ledger.reserve(asking({ nowMs: 1 }))).toMatchObject({
      _tag: 'Duplicate',
      record: { firstSeenAtMs: 9000, lastSeenAtMs: 1, outcome: { completedAtMs: 4000 } }
    })
  })
  it('gives an outcome its time where that says none', async () => {
    const { ledger, clock } = scriptedLedger()
    const claim = claimOf(await ledger.reserve(asking()))
    clock.now = 1700
    expect(await ledger.complete({ claim, outcome: { outcomeKind: 'done' } })).toMatchObject({
      record: { outcome: { completedAtMs: 1700 } }
    })
    expect(await ledger.complete({ claim, outcome: done })).toMatchObject({
      record: { outcome: { completedAtMs: 1700 } }
    })
  })
})

describe('a clock that gives nonsense', () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY, -1, 0.5, 2 ** 53, undefined, null, '1000', 1n])(
    'is InvalidInput, and nothing is written: %s',
    async (nonsense) => {
      const { ledger, store } = scriptedLedger({ clock: () => nonsense as number })
      for (const run of [
        () => ledger.reserve(asking()),
        () => ledger.completeByKey({ ...keyOf(), outcome: done }),
        () => ledger.importRecords([], { source: 's' })
      ]) {
        expect(await failureOf(run())).toMatchObject({
          _tag: 'InvalidInput',
          message: `the clock gave ${String(nonsense)}, which is no time`
        })
      }
      expect(store.appends).toEqual([])
      expect(await ledger.reserve(asking({ nowMs: 5 }))).toMatchObject({ _tag: 'Reserved' })
    }
  )
  it('is InvalidInput too where it throws', async () => {
    const broken = new Error('no time today')
    const { ledger, store } = scriptedLedger({
      clock: () => {
        throw broken
      }
    })
    expect(await failureOf(ledger.reserve(asking()))).toMatchObject({ _tag: 'InvalidInput', cause: broken })
    expect(await failureOf(ledger.importRecords([], { source: 's' }))).toMatchObject({ _tag: 'InvalidInput' })
    expect(store.appends).toEqual([])
  })
  it('does not fail those that bring their own time', async () => {
    const { ledger } = scriptedLedger({ clock: () => Number.NaN })
    const settled = await Promise.allSettled([
      ledger.reserve(asking({ nowMs: 1 })),
      ledger.reserve(asking()),
      ledger.reserve(asking({ nowMs: 2 }))
    ])
    expect(settled).toMatchObject([
      { value: { _tag: 'Reserved' } },
      { reason: { tag: 'InvalidInput' } },
      { value: { _tag: 'Duplicate', record: { duplicateCount: 1 } } }
    ])
  })
})
