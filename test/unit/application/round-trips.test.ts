import { describe, expect, it } from 'vitest'
import { noStream } from '../../../src/domain/expected-revision.ts'
import { failure } from '../../../src/domain/failure.ts'
import { asking, claimOf, done, keyOf, scriptedLedger, storedTypes } from '../../support/scripted-ledger.ts'
import { lostAfter, notWritten, preceded } from '../../support/scripted-store.ts'

describe('round trips', () => {
  it('a first reserve is one append that expects no stream, and no read', async () => {
    const { store, ledger } = scriptedLedger()
    expect(await ledger.reserve(asking())).toMatchObject({ _tag: 'Reserved', claim: { epoch: 1 }, takeover: false })
    expect(store.appends.map(({ expected }) => expected)).toEqual([noStream])
    expect(store.appends[0]?.events.map(({ type }) => type)).toEqual(['Reserved'])
    expect(store.reads).toEqual([])
  })
  it('a reserve of a key that another process holds reads after the conflict, and decides again', async () => {
    const { store, ledger, rival } = scriptedLedger()
    await rival.reserve(asking({ owner: 'rival' }))
    expect(await ledger.reserve(asking())).toMatchObject({
      _tag: 'Duplicate',
      record: { owner: 'rival', duplicateCount: 1 }
    })
    expect(store.appends.map(({ expected }) => expected._tag)).toEqual(['NoStream', 'Exactly'])
    expect(store.reads).toHaveLength(1)
    expect(await storedTypes(store)).toEqual(['Reserved', 'DuplicateSeen'])
  })
  it('a conflict is decided again from what was read, with new ids', async () => {
    const { store, ledger, rival } = scriptedLedger()
    store.onAppend(preceded(() => rival.reserve(asking({ owner: 'rival', requestFingerprint: 'other' }))))
    expect(await ledger.reserve(asking())).toMatchObject({ _tag: 'Conflict', record: { requestFingerprint: 'other' } })
    const ids = store.appends.flatMap(({ events }) => events.map(({ id }) => id))
    expect(ids).toHaveLength(2)
    expect(new Set(ids).size).toBe(2)
  })
  it('with a fold at hand every command that writes is one append', async () => {
    const { store, ledger } = scriptedLedger()
    const claim = claimOf(await ledger.reserve(asking()))
    await ledger.reserve(asking({ owner: 'other' }))
    await ledger.reserve(asking({ requestFingerprint: 'other' }))
    await ledger.renew({ claim, leaseMs: 5000 })
    await ledger.complete({ claim, outcome: done })
    await ledger.completeByKey({ ...keyOf(), outcome: done })
    await ledger.expireByOperator({ ...keyOf(), actor: 'op', note: 'stuck' })
    expect(store.appends).toHaveLength(6)
    expect(store.reads).toHaveLength(1)
    expect(await storedTypes(store)).toEqual([
      'Reserved',
      'DuplicateSeen',
      'ConflictRecorded',
      'LeaseRenewed',
      'Completed',
      'Expired'
    ])
  })
  it('a write that failed leaves the fold at hand: trying again is one append', async () => {
    const { store, ledger } = scriptedLedger()
    const claim = claimOf(await ledger.reserve(asking()))
    store.onAppend(notWritten(failure('StoreBusy', 'busy')))
    await ledger.complete({ claim, outcome: done }).catch(() => undefined)
    store.forget()
    await ledger.complete({ claim, outcome: done })
    expect([store.appends.length, store.reads.length]).toEqual([1, 0])
  })
  it('a fold that was needed after a doubt is at hand afterwards', async () => {
    const { store, ledger } = scriptedLedger()
    store.onAppend(lostAfter)
    await ledger.reserve(asking())
    store.forget()
    await ledger.reserve(asking())
    expect([store.appends.length, store.reads.length]).toEqual([1, 0])
  })
  it('what waits behind a command is decided from its result, without a read', async () => {
    const { store, ledger } = scriptedLedger()
    const [first] = await Promise.all([ledger.reserve(asking()), ledger.reserve(asking({ requestFingerprint: 'b' }))])
    expect(first._tag).toBe('Reserved')
    expect(store.appends).toHaveLength(1)
    expect(store.reads).toEqual([])
  })
  it('a command that is no reserve reads before it decides', async () => {
    const { store, ledger, rival } = scriptedLedger()
    const claim = claimOf(await rival.reserve(asking()))
    expect(await ledger.complete({ claim, outcome: done })).toMatchObject({ _tag: 'Completed' })
    expect(store.reads).toHaveLength(1)
    expect(store.appends).toHaveLength(1)
  })
  it('a claim that nobody issued takes one read, and writes nothing', async () => {
    const { store, ledger } = scriptedLedger()
    const claim = claimOf(await scriptedLedger().ledger.reserve(asking()))
    await expect(ledger.complete({ claim, outcome: done })).rejects.toMatchObject({ tag: 'UnknownClaim' })
    expect(store.reads).toHaveLength(1)
    expect(store.appends).toEqual([])
  })
})
