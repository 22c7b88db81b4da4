import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../../src/adapters/memory/event-store.ts'
import { createLedger, type LedgerOptions } from '../../../src/composition/ledger.ts'
import { KeyfoldError } from '../../../src/composition/promises.ts'
import { asking, claimOf, done, failureOf, keyOf } from '../../support/scripted-ledger.ts'

const store = memoryStore()

const thrownBy = (make: () => unknown): unknown => {
  try {
    make()
  } catch (cause) {
    return cause
  }
  return expect.unreachable('nothing was thrown')
}

const badLengths = [-1, 0.5, 2 ** 53, Number.NaN, '5', null, 1n]

describe('createLedger', () => {
  it.each<[string, unknown]>([
    ['$', undefined],
    ['$', null],
    ['$', 'sqlite:keyfold.db'],
    ['$.store', {}],
    ['$.store', { store: undefined }],
    ['$.store', { store: null }],
    ['$.store', { store: 'memory:' }],
    ['$.store', { store: {} }],
    ['$.store', { store: { ...store, append: undefined } }],
    ['$.store', { store: { ...store, readAll: 'no function' } }],
    ['$.store', { store: Promise.resolve(store) }],
    ['$.store.maxAppendBytes', { store: { ...store, maxAppendBytes: 0 } }],
    ['$.store.maxAppendBytes', { store: { ...store, maxAppendBytes: Number.NaN } }],
    ['$.clock', { store, clock: 1000 }],
    ['$.clock', { store, clock: new Date() }],
    ['$.chance', { store, chance: Math.random }],
    ['$.chance', { store, chance: { uuid: () => 'u' } }],
    ['$.timer', { store, timer: { sleep: () => undefined } }],
    ['$.category', { store, category: '' }],
    ['$.category', { store, category: 'a-b' }],
    ['$.category', { store, category: '$system' }],
    ['$.category', { store, category: 'ключ' }],
    ['$.category', { store, category: 7 }],
    ['$.policy', { store, policy: null }],
    ['$.policy', { store, policy: 'allow' }],
    ['$.policy.takeover', { store, policy: { takeover: 'never' } }],
    ['$.policy.reuseAfterExpiry', { store, policy: { reuseAfterExpiry: true } }],
    ...badLengths.map((bad): [string, unknown] => ['$.policy.clockSkewMs', { store, policy: { clockSkewMs: bad } }]),
    ['$.recording', { store, recording: 'sometimes' }],
    ['$.recording', { store, recording: null }],
    ...badLengths.map((bad): [string, unknown] => ['$.coalesceMs', { store, coalesceMs: bad }]),
    ...badLengths.map((bad): [string, unknown] => ['$.deadlineMs', { store, deadlineMs: bad }]),
    ['$.limits', { store, limits: null }],
    ['$.limits', { store, limits: 4096 }],
    ['$.limits.bytes', { store, limits: { bytes: 5 } }],
    ...badLengths.map((bad): [string, unknown] => ['$.limits.fieldBytes', { store, limits: { fieldBytes: bad } }]),
    ['$.limits.outcomeBytes', { store, limits: { outcomeBytes: Number.POSITIVE_INFINITY } }],
    ['$.limits.detailsDepth', { store, limits: { detailsDepth: 1000 } }]
  ])('throws one KeyfoldError at once, by the path: %s', (path, options) => {
    const error = thrownBy(() => createLedger(options as LedgerOptions))
    expect(error).toBeInstanceOf(KeyfoldError)
    expect(error).toMatchObject({ tag: 'InvalidInput', failure: { path } })
    if (error instanceof KeyfoldError) expect(error.message).toContain(path)
  })
  it.each<[string, LedgerOptions]>([
    ['a store alone', { store }],
    ['options that are undefined', { store, clock: undefined, policy: undefined, limits: undefined } as never],
    [
      'every option',
      {
        store,
        clock: () => 1,
        category: 'my.keys_2',
        policy: { reuseAfterExpiry: 'reject', takeover: 'refuse', clockSkewMs: 0 },
        limits: { fieldBytes: 10, outcomeBytes: 20, detailsDepth: 999 },
        recording: 'ignore',
        coalesceMs: 0,
        deadlineMs: 0,
        chance: { uuid: () => crypto.randomUUID(), fraction: () => 0 },
        timer: { monotonicMs: () => 0, sleep: () => async () => undefined }
      }
    ]
  ])('takes %s', async (_, options) => {
    const ledger = createLedger(options)
    expect(await ledger.reserve(asking({ key: crypto.randomUUID().slice(0, 8) }))).toMatchObject({ _tag: 'Reserved' })
    await ledger.dispose()
  })
  it('grants no claim that nobody could take back, where chance gives none', async () => {
    const ledger = createLedger({ store, chance: { uuid: () => '', fraction: () => 0 } })
    expect(await failureOf(ledger.reserve(asking({ key: 'none' })))).toMatchObject({
      _tag: 'InvalidInput',
      path: '$.claimId'
    })
  })
  it('loses nothing in silence where chance repeats itself, be it in another ledger', async () => {
    const shared = memoryStore()
    const repeating = () => createLedger({ store: shared, chance: { uuid: () => 'u', fraction: () => 0 } })
    const claim = claimOf(await repeating().reserve(asking()))
    for (const [n, ledger] of [repeating(), repeating()].entries()) {
      expect(await failureOf(ledger.complete({ claim, outcome: { ...done, details: n } }))).toMatchObject({
        _tag: 'StoreUnavailable',
        cause: { message: 'chance.uuid must give a text that it has not given before' }
      })
    }
    const ledger = createLedger({ store: shared })
    expect(await ledger.complete({ claim, outcome: done })).toMatchObject({ _tag: 'Completed' })
    expect(await ledger.get(keyOf())).toMatchObject({ outcome: done })
  })
  it('keeps categories apart in one store', async () => {
    const shared = memoryStore()
    const [one, two] = ['one', 'two'].map((category) => createLedger({ store: shared, category }))
    await one?.reserve(asking())
    expect(await two?.get(keyOf())).toBeUndefined()
    expect(await two?.list()).toEqual([])
    expect(await two?.reserve(asking())).toMatchObject({ _tag: 'Reserved' })
    expect(await one?.list()).toHaveLength(1)
  })
  it('takes a store whose functions are methods', async () => {
    class Store {
      private readonly inner = memoryStore()
      append(...args: Parameters<typeof store.append>) {
        return this.inner.append(...args)
      }
      readStream(...args: Parameters<typeof store.readStream>) {
        return this.inner.readStream(...args)
      }
      readAll(...args: Parameters<typeof store.readAll>) {
        return this.inner.readAll(...args)
      }
      subscribe(...args: Parameters<typeof store.subscribe>) {
        return this.inner.subscribe(...args)
      }
      dispose() {
        return this.inner.dispose()
      }
    }
    const ledger = createLedger({ store: new Store() })
    await ledger.reserve(asking())
    expect(await ledger.reserve(asking())).toMatchObject({ _tag: 'Duplicate' })
    expect(await ledger.list()).toHaveLength(1)
  })
})
