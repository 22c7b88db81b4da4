import { describe, expect, it } from 'vitest'
import { failure, standingClaim } from '../../../src/domain/failure.ts'
import {
  asking,
  claimOf,
  done,
  failureOf,
  granted,
  idOf,
  keyOf,
  scriptedLedger,
  stored,
  storedTypes
} from '../../support/scripted-ledger.ts'
import {
  type AppendStep,
  connectionLost,
  lostAfter,
  lostBefore,
  notWritten,
  preceded,
  type ScriptedStore,
  unreadable,
  works
} from '../../support/scripted-store.ts'

const busy = failure('StoreBusy', 'busy')

/** The frozen attempt: what was tried first was tried again and again, and nothing else. */
const triedTheSame = ({ appends }: ScriptedStore, times: number): void => {
  expect(appends).toHaveLength(times)
  for (const append of appends) expect(append).toEqual(appends[0])
}

const cases: ReadonlyArray<readonly [string, ReadonlyArray<AppendStep>]> = [
  ['lost before it was written', [lostBefore]],
  ['lost after it was written', [lostAfter]],
  ['lost several times, never written', [lostBefore, lostBefore, lostBefore, lostBefore]],
  ['lost several times, written by the third', [lostBefore, lostBefore, lostAfter, lostBefore]],
  ['lost after it was written, then refused', [lostAfter, notWritten(busy)]],
  ['lost before it was written, then refused', [lostBefore, notWritten(busy)]],
  ['found out only at the thirtieth try', Array.from({ length: 29 }, () => lostBefore)]
]

describe('a reserve whose answer is lost', () => {
  it.each(cases)('is granted and stands once: %s', async (_, steps) => {
    const { store, ledger } = scriptedLedger()
    store.onAppend(...steps)
    const answer = granted(await ledger.reserve(asking()))
    expect(answer).toMatchObject({ takeover: false, record: { epoch: 1, duplicateCount: 0, status: 'reserved' } })
    expect(await storedTypes(store)).toEqual(['Reserved'])
    expect(await ledger.complete({ claim: answer.claim, outcome: done })).toMatchObject({ _tag: 'Completed' })
    for (const append of store.appends.slice(0, -1)) expect(append).toEqual(store.appends[0])
  })
  it('is tried again with the same ids, texts and expected revision, and then folded again', async () => {
    const { store, ledger } = scriptedLedger()
    store.onAppend(lostBefore, lostAfter)
    await ledger.reserve(asking())
    triedTheSame(store, 3)
    expect(store.reads).toMatchObject([{ direction: 'backwards', found: 1 }])
  })
  it('is told by its ids from a rival’s where the store reports a conflict', async () => {
    const { store, ledger } = scriptedLedger()
    // a store that lost its memory of ids, or one whose stream moved on by more than it compares
    const conflict: AppendStep = async () => ({
      _tag: 'Left',
      left: { _tag: 'WrongExpectedRevision', actual: 0n }
    })
    store.onAppend(lostAfter, conflict)
    expect(await ledger.reserve(asking())).toMatchObject({ _tag: 'Reserved' })
    triedTheSame(store, 2)
    expect(store.reads).toMatchObject([
      { direction: 'forwards', from: 0n, count: 1, found: 1 },
      { direction: 'backwards' }
    ])
  })
  it('is decided again where the conflict is a rival’s', async () => {
    const { store, ledger, rival } = scriptedLedger()
    store.onAppend(preceded(() => rival.reserve(asking({ owner: 'rival' })), lostAfter))
    expect(await ledger.reserve(asking())).toMatchObject({ _tag: 'Duplicate', record: { owner: 'rival' } })
    expect(await storedTypes(store)).toEqual(['Reserved', 'DuplicateSeen'])
  })
  it('is still found out where the stream cannot be read at first', async () => {
    const { store, ledger, rival } = scriptedLedger()
    store.onAppend(preceded(() => rival.reserve(asking({ owner: 'rival' })), lostAfter))
    store.onRead(unreadable, unreadable)
    expect(await ledger.reserve(asking())).toMatchObject({ _tag: 'Duplicate', record: { owner: 'rival' } })
    expect(store.appends.slice(0, 4)).toEqual(Array.from({ length: 4 }, () => store.appends[0]))
  })
  it('is granted where its write is known and the stream can be folded only after a while', async () => {
    const { store, ledger } = scriptedLedger()
    store.onAppend(lostAfter)
    store.onRead(unreadable, unreadable, unreadable)
    expect(await ledger.reserve(asking())).toMatchObject({ _tag: 'Reserved' })
    expect(store.reads).toHaveLength(4)
  })
  it('is granted where the store refuses every further write, by what the stream holds', async () => {
    const { store, ledger } = scriptedLedger()
    store.onAppend(lostAfter)
    store.onEveryAppend(notWritten(failure('StoreFull', 'full')))
    expect(await ledger.reserve(asking())).toMatchObject({ _tag: 'Reserved' })
    triedTheSame(store, 2)
  })
  it('that a rival has taken over since is decided again', async () => {
    const { store, ledger, rival, clock } = scriptedLedger()
    store.onAppend(lostAfter, async (real) => {
      clock.now += 2000
      expect(await rival.reserve(asking({ owner: 'rival' }))).toMatchObject({ _tag: 'Reserved', takeover: true })
      return real()
    })
    expect(await ledger.reserve(asking())).toMatchObject({
      _tag: 'Duplicate',
      record: { owner: 'rival', epoch: 2 }
    })
    expect(await storedTypes(store)).toEqual(['Reserved', 'Expired', 'Reserved', 'DuplicateSeen'])
  })
  it.each([
    ['the store refuses', notWritten(busy), busy],
    ['the stream cannot be read', works, connectionLost]
  ])('whose claim was ended since never tells that nothing was written: %s', async (_, next, cause) => {
    const { store, ledger, rival } = scriptedLedger()
    store.onAppend(
      lostAfter,
      async (real) => {
        await rival.expireByOperator({ ...keyOf(), actor: 'op', note: 'stuck' })
        return real()
      },
      next
    )
    store.onRead(works, ...(next === works ? [unreadable] : []))
    expect(await failureOf(ledger.reserve(asking({ claimId: 'mine' })))).toMatchObject({
      _tag: 'AppendUnknown',
      claim: { epoch: 1, claimId: 'mine' },
      cause
    })
    expect(await storedTypes(store)).toEqual(['Reserved', 'Expired'])
    expect(await ledger.reserve(asking({ claimId: 'mine' }))).toMatchObject({ _tag: 'Reserved', claim: { epoch: 2 } })
  })
  it('whose claim an operator ended since is granted anew, in the next epoch', async () => {
    const { store, ledger, rival } = scriptedLedger()
    store.onAppend(lostAfter, async (real) => {
      await rival.expireByOperator({ ...keyOf(), actor: 'op', note: 'stuck' })
      return real()
    })
    const answer = granted(await ledger.reserve(asking()))
    expect(answer).toMatchObject({ takeover: true, claim: { epoch: 2 }, previous: { epoch: 1 } })
    expect(await storedTypes(store)).toEqual(['Reserved', 'Expired', 'Reserved'])
  })
})

describe('a reserve whose fate cannot be found out in time', () => {
  it('is AppendUnknown with the claim that may stand, after trying the same until the deadline', async () => {
    const { store, ledger, time } = scriptedLedger({ deadlineMs: 3000 })
    store.onEveryAppend(lostBefore)
    const failed = await failureOf(ledger.reserve(asking({ claimId: 'mine' })))
    expect(failed).toMatchObject({
      _tag: 'AppendUnknown',
      recordId: idOf(),
      claim: { recordId: idOf(), epoch: 1, claimId: 'mine' },
      cause: connectionLost
    })
    expect(time.monotonicMs()).toBe(3000)
    expect(store.appends.length).toBeGreaterThan(10)
    triedTheSame(store, store.appends.length)
  })
  it.each([
    ['where it stands', lostAfter, ['Reserved', 'LeaseRenewed']],
    ['where it does not', lostBefore, ['Reserved']]
  ])('is settled by reserving again with that claim id: %s', async (_, step, types) => {
    const { store, ledger, clock } = scriptedLedger({ deadlineMs: 50 })
    store.onEveryAppend(step)
    // the store may know, but its answers never come
    const failed = await failureOf(ledger.reserve(asking()))
    store.onEveryAppend((real) => real())
    clock.now += 10
    const again = granted(await ledger.reserve(asking({ claimId: standingClaim(failed)?.claimId })))
    expect(again).toMatchObject({ claim: standingClaim(failed), takeover: false, record: { epoch: 1 } })
    expect(await storedTypes(store)).toEqual(types)
  })
  it('is AppendUnknown where it is written and the stream cannot be folded until the deadline', async () => {
    const { store, ledger, time } = scriptedLedger({ deadlineMs: 1000 })
    store.onAppend(lostAfter)
    store.onEveryRead(unreadable)
    const failed = await failureOf(ledger.reserve(asking({ claimId: 'mine' })))
    expect(failed).toMatchObject({ _tag: 'AppendUnknown', claim: { claimId: 'mine' } })
    expect(time.monotonicMs()).toBe(1000)
  })
  it('is AppendUnknown without waiting where the stream can never be folded', async () => {
    const { store, ledger, time } = scriptedLedger()
    store.onAppend(lostAfter)
    store.onEveryRead(async () => ({ _tag: 'Left', left: failure('AccessDenied', 'not yours') }))
    expect(await failureOf(ledger.reserve(asking()))).toMatchObject({
      _tag: 'AppendUnknown',
      cause: { _tag: 'AccessDenied' }
    })
    expect(time.monotonicMs()).toBeLessThan(100)
  })
  it('does not keep the next command from being decided on what stands', async () => {
    const { store, ledger, rival } = scriptedLedger({ deadlineMs: 50 })
    store.onEveryAppend(lostAfter)
    await failureOf(ledger.reserve(asking({ owner: 'first' })))
    store.onEveryAppend((real) => real())
    expect(await ledger.reserve(asking({ owner: 'second' }))).toMatchObject({
      _tag: 'Duplicate',
      record: { owner: 'first' }
    })
    expect(await rival.get(keyOf())).toMatchObject({ owner: 'first', duplicateCount: 1 })
  })
  it('leaves a late write without effect once another event stands in its place', async () => {
    const { store, ledger, rival } = scriptedLedger({ deadlineMs: 50 })
    let late: (() => Promise<unknown>) | undefined
    store.onEveryAppend(async (real) => {
      late = real
      return lostBefore(real)
    })
    const failed = await failureOf(ledger.reserve(asking()))
    expect(claimOf(await rival.reserve(asking({ owner: 'rival' }))).epoch).toBe(standingClaim(failed)?.epoch)
    await late?.()
    expect(await stored(store)).toHaveLength(1)
    expect(await rival.get(keyOf())).toMatchObject({ owner: 'rival' })
  })
})
