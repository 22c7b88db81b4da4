import { describe, expect, it } from 'vitest'
import {
  asking,
  claimOf,
  failureOf,
  granted,
  keyOf,
  scriptedLedger,
  stored,
  storedTypes
} from '../../support/scripted-ledger.ts'

const late = { owner: 'rival', nowMs: 9000, lease: 1000 } as const

describe('recovery points', () => {
  it('are told to whoever takes over, and to whoever takes over from them', async () => {
    const { ledger, rival } = scriptedLedger()
    const claim = claimOf(await ledger.reserve(asking()))
    await ledger.reachRecoveryPoint({ claim, name: 'charged', data: { id: 'ch_1' } })
    const second = granted(await rival.reserve(asking(late)))
    expect(second).toMatchObject({
      takeover: true,
      record: { recoveryPoints: [{ name: 'charged', data: { id: 'ch_1' } }] }
    })
    await rival.reachRecoveryPoint({ claim: second.claim, name: 'sent' })
    expect(granted(await ledger.reserve(asking({ ...late, nowMs: 99_000 }))).record.recoveryPoints).toEqual([
      { name: 'charged', data: { id: 'ch_1' } },
      { name: 'sent' }
    ])
  })
  it('leave reading flat: a takeover is read alone, with all that was reached before it', async () => {
    const { ledger, rival, store } = scriptedLedger()
    const claim = claimOf(await ledger.reserve(asking()))
    for (let at = 0; at < 40; at++) await ledger.reachRecoveryPoint({ claim, name: `step-${at}` })
    await rival.reserve(asking(late))
    store.forget()
    expect((await ledger.get(keyOf()))?.recoveryPoints).toHaveLength(40)
    expect(store.reads).toHaveLength(1)
  })
  it('are a copy: what the caller does with the data afterwards is no part of it', async () => {
    const { ledger, rival } = scriptedLedger()
    const claim = claimOf(await ledger.reserve(asking()))
    const data = { ids: [1] }
    const reached = ledger.reachRecoveryPoint({ claim, name: 'a', data })
    data.ids.push(2)
    await reached
    expect((await rival.get(keyOf()))?.recoveryPoints).toEqual([{ name: 'a', data: { ids: [1] } }])
  })
  it.each<[object, string, string]>([
    [{ name: '' }, 'InvalidInput', '$.name'],
    [{ name: 7 }, 'InvalidInput', '$.name'],
    [{}, 'InvalidInput', '$.name'],
    [{ name: '\ud800' }, 'InvalidInput', '$.name'],
    [{ name: 'n'.repeat(4097) }, 'LimitExceeded', '$.name'],
    [{ name: 'n', data: { at: Number.NaN } }, 'InvalidInput', '$.data.at'],
    [{ name: 'n', data: { id: Symbol('id') } }, 'InvalidInput', '$.data.id'],
    [{ name: 'n', data: 1n }, 'InvalidInput', '$.data'],
    [{ name: 'n', data: 'x'.repeat(65_536) }, 'LimitExceeded', '$.data'],
    [{ name: 'n', data: JSON.parse('['.repeat(124) + ']'.repeat(124)) }, 'LimitExceeded', '$.data']
  ])('that make no sense are refused before anything is asked of the store: %#', async (over, tag, path) => {
    const { ledger, store } = scriptedLedger()
    const claim = claimOf(await ledger.reserve(asking()))
    store.forget()
    const failed = await failureOf(ledger.reachRecoveryPoint({ claim, ...over } as never))
    expect(failed._tag).toBe(tag)
    expect(failed.path?.startsWith(path)).toBe(true)
    expect([...store.appends, ...store.reads]).toEqual([])
  })
  it('keep a name as it is: spaces are part of it', async () => {
    const { ledger } = scriptedLedger()
    const claim = claimOf(await ledger.reserve(asking()))
    expect(await ledger.reachRecoveryPoint({ claim, name: ' a ' })).toMatchObject({
      record: { recoveryPoints: [{ name: ' a ' }] }
    })
  })
  it('tell what the record has of them where one more is too much, and how much', async () => {
    const { ledger } = scriptedLedger()
    const claim = claimOf(await ledger.reserve(asking()))
    await Promise.all(Array.from({ length: 100 }, (_, at) => ledger.reachRecoveryPoint({ claim, name: `step-${at}` })))
    expect(await failureOf(ledger.reachRecoveryPoint({ claim, name: 'more' }))).toMatchObject({
      _tag: 'LimitExceeded',
      limit: 100,
      size: 101
    })
  })
  it('are inherited in an append of their own, so that no batch is more than the store takes', async () => {
    const { ledger, store } = scriptedLedger({ maxAppendBytes: 100_000 })
    const claim = claimOf(await ledger.reserve(asking()))
    await ledger.reachRecoveryPoint({ claim, name: 'large', data: 'x'.repeat(60_000) })
    store.forget()
    const answers = await Promise.all(
      [10_000, 20_000, 30_000, 30_001].map((nowMs) => ledger.reserve(asking({ owner: `at ${nowMs}`, nowMs })))
    )
    expect(answers.map(({ _tag }) => _tag)).toEqual(['Reserved', 'Reserved', 'Reserved', 'Duplicate'])
    expect((await storedTypes(store)).slice(2)).toEqual([
      'Expired',
      'Reserved',
      'Expired',
      'Reserved',
      'Expired',
      'Reserved',
      'DuplicateSeen'
    ])
    for (const { events } of store.appends) {
      expect(events.reduce((sum, { data, metadata }) => sum + data.length + metadata.length, 0)).toBeLessThan(100_000)
    }
  })
  it('are written in the schema version that is the first to know them, and everything else as before', async () => {
    const { ledger, rival, store } = scriptedLedger()
    const claim = claimOf(await ledger.reserve(asking()))
    await ledger.reachRecoveryPoint({ claim, name: 'a' })
    await rival.reserve(asking(late))
    await rival.expireByOperator({ ...keyOf(), actor: 'o', note: 'n' })
    await rival.reserve(asking())
    expect((await stored(store)).map(({ type, metadata }) => [type, JSON.parse(metadata).schemaVersion])).toEqual([
      ['Reserved', 2],
      ['RecoveryPointReached', 1],
      ['Expired', 1],
      ['Reserved', 3],
      ['Expired', 1],
      ['Reserved', 2]
    ])
  })
})
