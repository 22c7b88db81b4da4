import { afterEach, describe, expect, it, vi } from 'vitest'
import { memoryStore } from '../../../src/adapters/memory/event-store.ts'
import { createLedger, type LedgerOptions } from '../../../src/index.ts'
import { eventually } from '../../support/eventually.ts'
import { asking, claimOf, done, keyOf } from '../../support/scripted-ledger.ts'
import { lostAfter, scriptedStore } from '../../support/scripted-store.ts'

afterEach(() => void vi.useRealTimers())

describe('a ledger whose times are longer than a timer of Node', () => {
  it('writes no counts before their interval is over', async () => {
    const store = scriptedStore()
    const ledger = createLedger({ store, recording: 'coalesce', coalesceMs: 30 * 24 * 3_600_000 })
    await ledger.reserve(asking())
    await ledger.reserve(asking())
    store.forget()
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect([...store.appends, ...store.reads]).toEqual([])
    await ledger.dispose()
    expect(await ledger.get(keyOf())).toMatchObject({ duplicateCount: 1 })
  })
  it.each([2 ** 31, Number.MAX_SAFE_INTEGER])('waits for a slow store as it should: %i ms', async (deadlineMs) => {
    const store = scriptedStore()
    store.onAppend(async (real) => {
      await new Promise((resolve) => setTimeout(resolve, 20))
      return real()
    })
    expect(await createLedger({ store, deadlineMs }).reserve(asking())).toMatchObject({ _tag: 'Reserved' })
  })
})

describe('a ledger in a test that fakes its timers', () => {
  it.each(['before', 'after'])('answers, and takes the faked time, where it was made %s', async (when) => {
    const make = () => {
      const store = scriptedStore(memoryStore())
      return { store, ledger: createLedger({ store }) }
    }
    const early = make()
    vi.useFakeTimers({ now: 1_000_000 })
    const { ledger, store } = when === 'before' ? early : make()
    let calls = 0
    store.onEveryAppend(async (real) => {
      // a conflict, so that the ledger has to wait before it tries again
      if (calls++ < 3) return { _tag: 'Left', left: { _tag: 'WrongExpectedRevision', actual: 0n } }
      return real()
    })
    expect(await ledger.reserve(asking())).toMatchObject({ record: { firstSeenAtMs: 1_000_000 } })
    vi.setSystemTime(2_000_000)
    expect(await ledger.reserve(asking())).toMatchObject({ record: { lastSeenAtMs: 2_000_000 } })
    expect((await ledger.history(keyOf())).map(({ recordedAtMs }) => recordedAtMs)).toEqual([
      1_000_000, 2_000_000, 2_000_000
    ])
  })
})

describe('an option that is undefined', () => {
  it('is the default, whichever it is', async () => {
    const options = {
      store: memoryStore({ now: undefined, log: undefined }),
      clock: undefined,
      category: undefined,
      policy: { reuseAfterExpiry: undefined, takeover: undefined, clockSkewMs: undefined },
      limits: { fieldBytes: undefined, outcomeBytes: undefined, detailsDepth: undefined },
      recording: undefined,
      coalesceMs: undefined,
      deadlineMs: undefined,
      chance: undefined,
      timer: undefined
    }
    const ledger = createLedger(options)
    expect(await ledger.reserve(asking())).toMatchObject({ _tag: 'Reserved' })
    await expect(ledger.reserve(asking({ key: 'x'.repeat(5000) }))).rejects.toMatchObject({ tag: 'LimitExceeded' })
    expect(await createLedger({ ...options, limits: undefined, policy: undefined }).get(keyOf())).toMatchObject({
      epoch: 1
    })
  })
})

describe('a message about what somebody gave', () => {
  it('quotes a little of it, however long it is', async () => {
    const long = 'x'.repeat(1_000_000)
    expect(() => createLedger({ store: memoryStore(), limits: { [long]: 1 } })).toThrow(/^.{1,300}$/)
    const clock = () => long as unknown as number
    await expect(createLedger({ store: memoryStore(), clock }).reserve(asking())).rejects.toThrow(/^.{1,300}$/)
  })
})

describe('a ledger whose own chance or timer fails', () => {
  const fails = () => {
    throw new Error('no luck')
  }
  const chance = (fraction: () => number) => ({ uuid: () => crypto.randomUUID(), fraction })
  const timer = (sleep: () => () => Promise<void>) => ({ monotonicMs: () => performance.now(), sleep })
  const faults: ReadonlyArray<readonly [string, Partial<LedgerOptions>]> = [
    ['a fraction that throws', { chance: chance(fails) }],
    ['a fraction that is none', { chance: chance(() => Number.NaN) }],
    ['a sleep that throws', { timer: timer(fails) }],
    ['a sleep that rejects', { timer: timer(() => async () => fails()) }]
  ]
  describe.each(faults)('%s', (_, options) => {
    it('resolves what is in doubt', async () => {
      const store = scriptedStore()
      store.onAppend(lostAfter)
      expect(await createLedger({ store, ...options }).reserve(asking())).toMatchObject({ _tag: 'Reserved' })
    })
    it('waits for an outcome, and gives up in time', async () => {
      const store = scriptedStore()
      const ledger = createLedger({ store, ...options })
      const claim = claimOf(await ledger.reserve(asking({ lease: 'none' })))
      expect(await ledger.awaitOutcome({ ...keyOf(), waitMs: 20 })).toMatchObject({ _tag: 'InFlight' })
      const waiting = ledger.awaitOutcome({ ...keyOf(), waitMs: 60_000 })
      await new Promise((resolve) => setTimeout(resolve, 20))
      await createLedger({ store: store.real }).complete({ claim, outcome: done })
      expect(await waiting).toMatchObject({ _tag: 'Completed' })
    })
    it('writes the counts that wait', async () => {
      const store = scriptedStore()
      const ledger = createLedger({ store, recording: 'coalesce', coalesceMs: 10, ...options })
      await ledger.reserve(asking())
      await ledger.reserve(asking())
      await eventually(async () => expect(await ledger.get(keyOf())).toMatchObject({ duplicateCount: 1 }))
    })
  })
})
