import { describe, expect, it } from 'vitest'
import { failure } from '../../../src/domain/failure.ts'
import type { IdempotencyRecord } from '../../../src/domain/record.ts'
import {
  asking,
  claimOf,
  done,
  failureOf,
  idOf,
  keyOf,
  scriptedLedger,
  storedTypes,
  streamOf
} from '../../support/scripted-ledger.ts'
import { notWritten, preceded } from '../../support/scripted-store.ts'

const nothingFailed = { failed: [], failedCount: 0 }

/** Keys whose retention is over at 2000, and others that only look so. */
const filled = async (options: Parameters<typeof scriptedLedger>[0] = {}) => {
  const world = scriptedLedger(options)
  const { ledger } = world
  const at = async (key: string, over: object) => claimOf(await ledger.reserve({ ...asking({ key }), ...over }))
  await at('due', { expiresAtMs: 2000, lease: 'none' })
  await at('lapsed and due', { expiresAtMs: 2000, lease: 500 })
  await ledger.complete({ claim: await at('completed', { retentionMs: 1000 }), outcome: done, nowMs: 1000 })
  await at('later', { expiresAtMs: 2001, lease: 'none' })
  await at('without an end', { lease: 'none' })
  await at('lapsed', { lease: 500 })
  await at('at work', { expiresAtMs: 2000, lease: 5000 })
  await ledger.markInDoubt({ claim: await at('in doubt', { expiresAtMs: 2000, lease: 'none' }) })
  const restated = await at('restated', { expiresAtMs: 1500, lease: 'none' })
  await ledger.complete({ claim: restated, outcome: done, expiresAtMs: 9000 })
  await ledger.release({ claim: await at('released', { expiresAtMs: 2000 }) })
  return world
}

const due = ['completed', 'due', 'lapsed and due']
const held = ['at work', 'in doubt', 'lapsed', 'later', 'restated', 'without an end']

describe('sweep', () => {
  it('expires what is due by retention, and nothing else: no doubt, no running lease, no lapsed one', async () => {
    const { ledger } = await filled()
    const records: Array<IdempotencyRecord> = []
    const swept = await ledger.sweep({ nowMs: 2000, onExpired: (record) => records.push(record) })
    expect(swept).toMatchObject({ ended: 'done', expired: 3, notDue: 3, ...nothingFailed })
    expect(records.map(({ key }) => key).sort()).toEqual(due)
    expect((await ledger.list()).map(({ key }) => key).sort()).toEqual(held)
    for (const key of due) {
      const last = (await ledger.history(keyOf(key))).at(-1)
      expect(last).toMatchObject({ type: 'Expired', data: { atMs: 2000, reason: 'retention' } })
    }
  })
  it('finds nothing a second time, and what became due meanwhile', async () => {
    const { ledger } = await filled()
    await ledger.sweep({ nowMs: 2000 })
    expect(await ledger.sweep({ nowMs: 2000 })).toMatchObject({ expired: 0 })
    expect(await ledger.sweep({ nowMs: 2001 })).toMatchObject({ expired: 1 })
  })
  it('goes by the ledger’s clock', async () => {
    const { ledger, clock } = await filled()
    expect(await ledger.sweep()).toMatchObject({ expired: 0, events: 14 })
    clock.now = 2000
    expect(await ledger.sweep()).toMatchObject({ expired: 3 })
  })
  it('is told of an empty log', async () => {
    expect(await scriptedLedger().ledger.sweep()).toEqual({
      ended: 'done',
      events: 0,
      expired: 0,
      notDue: 0,
      ...nothingFailed
    })
  })
  it('writes nothing in a dry run, and tells the same', async () => {
    const { ledger, store } = await filled()
    const written = store.appends.length
    const keys: Array<string> = []
    const swept = await ledger.sweep({ nowMs: 2000, dryRun: true, onExpired: ({ key }) => keys.push(key) })
    expect(swept).toMatchObject({ ended: 'done', expired: 3, notDue: 3 })
    expect(keys.sort()).toEqual(due)
    expect(store.appends).toHaveLength(written)
  })
  it('stops at as many keys as it may expire, and goes on from there when it is run again', async () => {
    const { ledger } = await filled()
    expect(await ledger.sweep({ nowMs: 2000, maxKeys: 2 })).toMatchObject({ ended: 'enough', expired: 2 })
    expect(await ledger.sweep({ nowMs: 2000, maxKeys: 2 })).toMatchObject({ ended: 'done', expired: 1 })
  })
  it('waits between batches for a random part of the pause, and not before the first', async () => {
    const { ledger, time } = await filled()
    await ledger.sweep({ nowMs: 2000, batchSize: 2, pauseMs: 1000 })
    expect(time.slept).toHaveLength(2)
    expect(time.slept.every((ms) => ms >= 0 && ms < 1000)).toBe(true)
    expect(new Set(time.slept).size).toBe(2)
  })
  it('ends after the batch at hand where the signal comes', async () => {
    const { ledger } = await filled()
    const stop = new AbortController()
    const swept = await ledger.sweep({
      nowMs: 2000,
      batchSize: 1,
      signal: stop.signal,
      onProgress: ({ expired }) => {
        if (expired === 1) stop.abort()
      }
    })
    expect(swept).toMatchObject({ ended: 'stopped', expired: 1, ...nothingFailed })
    expect(await ledger.sweep({ nowMs: 2000, signal: stop.signal })).toMatchObject({ ended: 'stopped', events: 0 })
    expect(await ledger.sweep({ nowMs: 2000 })).toMatchObject({ ended: 'done', expired: 2 })
  })
  it('takes keys that a caller names in place of the log’s, and looks at each', async () => {
    const { ledger } = await filled()
    async function* named() {
      for (const key of [...due, 'later', 'in doubt', 'never seen']) yield idOf(key)
    }
    const swept = await ledger.sweep({ nowMs: 2000, dueKeys: named() })
    expect(swept).toEqual({ ended: 'done', events: 0, expired: 3, notDue: 3, ...nothingFailed })
    expect((await ledger.list()).map(({ key }) => key).sort()).toEqual(held)
  })
  it('takes as many as are named, some at a time, and stops asking where it has enough', async () => {
    const { ledger } = await filled()
    let asked = 0
    async function* named() {
      for (; asked < 5000; asked++) yield idOf(due[asked] ?? `none ${asked}`)
    }
    const swept = await ledger.sweep({ nowMs: 2000, maxKeys: 2, dueKeys: named() })
    expect(swept).toMatchObject({ ended: 'enough', expired: 2 })
    expect(asked).toBeLessThan(1000)
  })
  it.each([
    [false, 1],
    [true, 1],
    [false, 2],
    [true, 2]
  ])('counts a key that is named twice once: in a dry run %s, %i at once', async (dryRun, batchSize) => {
    const { ledger } = await filled()
    async function* named() {
      yield* [idOf('due'), idOf('due'), idOf('completed'), idOf('due')]
    }
    const told: Array<string> = []
    const onExpired = ({ key }: IdempotencyRecord) => told.push(key)
    const swept = await ledger.sweep({ nowMs: 2000, dueKeys: named(), dryRun, batchSize, onExpired })
    expect(swept).toMatchObject({ expired: 2, notDue: 2 })
    expect(told).toEqual(['due', 'completed'])
  })
  it('ends by its signal where what names them waits, and lets go of it', async () => {
    const { ledger } = await filled()
    const stop = new AbortController()
    let closed = 0
    const dueKeys: AsyncIterable<string> = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise(() => setImmediate(() => stop.abort())),
        return: async () => {
          closed++
          return { done: true, value: undefined }
        }
      })
    }
    const swept = ledger.sweep({ nowMs: 2000, dueKeys, signal: stop.signal })
    expect(await swept).toMatchObject({ ended: 'stopped', expired: 0 })
    expect(closed).toBe(1)
  })
  it('expires what was named while no more names come', async () => {
    const { ledger } = await filled()
    const stop = new AbortController()
    async function* named() {
      for (const key of due) yield idOf(key)
      await new Promise(() => undefined)
    }
    const swept = await ledger.sweep({
      nowMs: 2000,
      dueKeys: named(),
      signal: stop.signal,
      onProgress: ({ expired }) => {
        if (expired === 3) stop.abort()
      }
    })
    expect(swept).toMatchObject({ ended: 'stopped', expired: 3, notDue: 0 })
  })
  it('refuses names that are none, and is over where they end in a fault', async () => {
    const { ledger } = await filled()
    async function* wrong() {
      yield 'order-1'
    }
    async function* broken() {
      yield idOf('due')
      throw new Error('the view is away')
    }
    const refused = { _tag: 'InvalidInput', path: '$.dueKeys' }
    expect(await failureOf(ledger.sweep({ dueKeys: wrong() }))).toMatchObject(refused)
    expect(await failureOf(ledger.sweep({ dueKeys: [] as never }))).toMatchObject(refused)
    expect(await failureOf(ledger.sweep({ nowMs: 2000, dueKeys: broken() }))).toMatchObject({ _tag: 'Aborted' })
  })
  it('tells how far it is; what listeners throw, or reject with, is their own affair', async () => {
    const { ledger } = await filled()
    const told: Array<number> = []
    const throwing = () => {
      throw new Error('mine')
    }
    await ledger.sweep({ nowMs: 2000, batchSize: 2, onProgress: ({ expired }) => told.push(expired) })
    expect(told).toEqual(told.toSorted((a, b) => a - b))
    expect(told.at(-1)).toBe(3)
    expect(await ledger.sweep({ nowMs: 2001, onExpired: throwing, onProgress: async () => throwing() })).toMatchObject({
      expired: 1
    })
  })
  it('finds a key not due that another was first to expire', async () => {
    const { ledger, rival, store } = await filled()
    let first = 0
    const overtaken = preceded(async () => {
      first += (await rival.sweep({ nowMs: 2000 })).expired
    })
    store.onAppend(overtaken)
    const swept = await ledger.sweep({ nowMs: 2000 })
    expect(swept).toMatchObject({ ended: 'done', notDue: 3 + first, ...nothingFailed })
    expect(first).toBeGreaterThan(0)
    expect(swept.expired + first).toBe(3)
    for (const key of due) {
      expect((await storedTypes(store, key)).filter((type) => type === 'Expired')).toHaveLength(1)
    }
  })
})

describe('a sweep that meets trouble', () => {
  const broken = async () => {
    const world = await filled()
    const garbage = { id: '00000000-0000-4000-8000-000000000001', type: 'Completed', data: '{}', metadata: '{}' }
    for (const key of ['later', 'due']) {
      const { store } = world
      await store.real.append({
        stream: streamOf(key),
        expected: { _tag: 'Exactly', revision: 0n },
        events: [garbage]
      })()
    }
    return world
  }
  it('names keys that cannot be read, each once and by record id, and goes on', async () => {
    const { ledger } = await broken()
    const swept = await ledger.sweep({ nowMs: 2000 })
    expect(swept).toMatchObject({ ended: 'done', expired: 2, failedCount: 2 })
    expect(swept.failed.map(({ recordId }) => recordId).sort()).toEqual([idOf('due'), idOf('later')].sort())
    expect(swept.failed.every((one) => one.failure._tag === 'CorruptStream')).toBe(true)
  })
  it('names a key that could not be expired, and goes on', async () => {
    const { ledger, store } = await filled()
    store.onAppend(notWritten(failure('StoreFull', 'no room')))
    const swept = await ledger.sweep({ nowMs: 2000 })
    expect(swept).toMatchObject({ ended: 'done', expired: 2, failedCount: 1 })
    expect(swept.failed[0]?.failure._tag).toBe('StoreFull')
  })
  it('fails where the store takes no writes at all', async () => {
    const { ledger, store } = await filled()
    store.onEveryAppend(notWritten(failure('StoreReadOnly', 'read-only')))
    expect(await failureOf(ledger.sweep({ nowMs: 2000, batchSize: 2 }))).toMatchObject({ _tag: 'StoreReadOnly' })
  })
  it('fails where the ledger is disposed of', async () => {
    const { ledger } = await filled()
    await ledger.dispose()
    expect(await failureOf(ledger.sweep({ nowMs: 2000 }))).toMatchObject({ _tag: 'StoreUnavailable' })
  })
  it.each([
    [{ maxKeys: 0 }, '$.maxKeys'],
    [{ maxKeys: 1.5 }, '$.maxKeys'],
    [{ batchSize: 0 }, '$.batchSize'],
    [{ batchSize: 1001 }, '$.batchSize'],
    [{ pauseMs: -1 }, '$.pauseMs'],
    [{ dryRun: 'yes' }, '$.dryRun'],
    [{ nowMs: Number.NaN }, '$.nowMs'],
    [{ onExpired: 7 }, '$.onExpired'],
    [{ onProgress: {} }, '$.onProgress'],
    [{ signal: {} }, '$.signal'],
    [null, '$']
  ])('refuses options that make no sense: %o', async (options, path) => {
    const { ledger, store } = scriptedLedger()
    expect(await failureOf(ledger.sweep(options as never))).toMatchObject({ _tag: 'InvalidInput', path })
    expect([...store.appends, ...store.reads]).toEqual([])
  })
})
