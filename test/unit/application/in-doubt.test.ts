import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { failure } from '../../../src/domain/failure.ts'
import type { Claim, Ledger } from '../../../src/index.ts'
import { importable } from '../../support/importable.ts'
import { asking, claimOf, done, idOf, keyOf, scriptedLedger, storedTypes } from '../../support/scripted-ledger.ts'
import { followed, lostAfter, notWritten, preceded } from '../../support/scripted-store.ts'

const hour = 3_600_000
const operator = { ...keyOf(), actor: 'ops', note: 'the bank says so' }

/** A key that its holder marked in doubt at 1000; its lease ends at 2000, its retention at 5000. */
const doubtful = async (options: Parameters<typeof scriptedLedger>[0] = {}) => {
  const world = scriptedLedger(options)
  const claim = claimOf(await world.ledger.reserve(asking({ claimId: 'mine', expiresAtMs: 5000 })))
  await world.ledger.markInDoubt({ claim, note: 'timed out' })
  world.store.forget()
  return { ...world, claim }
}

/** Who may ask and what may pass, while neither the holder nor an operator says what is so. */
const deeds: { readonly [name: string]: (ledger: Ledger, claim: Claim) => Promise<{ readonly _tag: string }> } = {
  InDoubt: (ledger) => ledger.reserve(asking({ owner: 'rival' })),
  'InDoubt of the holder': (ledger, { claimId }) => ledger.reserve(asking({ claimId })),
  Conflict: (ledger) => ledger.reserve(asking({ requestFingerprint: 'other' })),
  NotDue: (ledger) => ledger.expire({ recordId: idOf() }),
  Renewed: (ledger, claim) => ledger.renew({ claim, leaseMs: 50 }),
  Reached: (ledger, claim) => ledger.reachRecoveryPoint({ claim, name: 'looked' }),
  Marked: (ledger, claim) => ledger.markInDoubt({ claim })
}

describe('an ambiguous failure is never run over', () => {
  it('by whoever asks for an hour, in whatever order and however late', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom(...Object.entries(deeds)), fc.integer({ min: 0, max: hour / 10 })), {
          minLength: 10,
          maxLength: 30
        }),
        fc.boolean(),
        async (asked, byRival) => {
          const { ledger, rival, clock, claim } = await doubtful()
          for (const [[due, deed], later] of asked) {
            clock.now += later
            const { _tag } = await deed(byRival ? rival : ledger, claim)
            expect(_tag).toBe(due.replace(' of the holder', ''))
          }
          clock.now += hour
          expect(await rival.reserve(asking())).toMatchObject({
            _tag: 'InDoubt',
            record: { epoch: 1, inDoubt: { sinceMs: 1000, note: 'timed out' } }
          })
        }
      ),
      { numRuns: 40 }
    )
  })
  it.each<[string, (ledger: Ledger, claim: Claim) => Promise<unknown>, object]>([
    ['the outcome of its holder', (ledger, claim) => ledger.complete({ claim, outcome: done }), { _tag: 'Duplicate' }],
    ['its holder, who gives it back', (ledger, claim) => ledger.release({ claim }), { takeover: false }],
    [
      'the outcome of an operator',
      (ledger) => ledger.completeByOperator({ ...operator, outcome: done }),
      { _tag: 'Duplicate' }
    ],
    ['an operator', (ledger) => ledger.expireByOperator(operator), { takeover: true, previous: { inDoubt: {} } }],
    ['an unfenced outcome', (ledger) => ledger.completeByKey({ ...keyOf(), outcome: done }), { _tag: 'Duplicate' }]
  ])('but ends with %s', async (_, end, next) => {
    const { ledger, rival, claim } = await doubtful()
    await end(ledger, claim)
    expect((await rival.get(keyOf()))?.inDoubt).toBeUndefined()
    expect(await rival.reserve(asking())).toMatchObject(next)
  })
})

describe('a reserve of a key in doubt', () => {
  it('is one event for a storm of them', async () => {
    const { ledger, store } = await doubtful()
    const storm = await Promise.all(Array.from({ length: 50 }, () => ledger.reserve(asking())))
    expect(new Set(storm.map(({ _tag }) => _tag))).toEqual(new Set(['InDoubt']))
    expect(storm.at(-1)).toMatchObject({ record: { duplicateCount: 50 } })
    expect((await storedTypes(store)).slice(2)).toEqual(['DuplicateSeen'])
  })
  it('is not recorded where nothing is, and rests on a fresh read', async () => {
    const { ledger, store } = await doubtful({ recording: 'ignore' })
    expect(await ledger.reserve(asking())).toMatchObject({ _tag: 'InDoubt', record: { duplicateCount: 0 } })
    expect(store.appends).toEqual([])
    expect(store.reads).toHaveLength(1)
  })
  it('is counted with the key’s next event where counts wait', async () => {
    const { ledger, store, claim } = await doubtful({ recording: 'coalesce' })
    await ledger.reserve(asking())
    await ledger.reserve(asking())
    expect(await storedTypes(store)).toEqual(['Reserved', 'MarkedInDoubt'])
    expect(await ledger.complete({ claim, outcome: done })).toMatchObject({ record: { duplicateCount: 2 } })
    expect(await storedTypes(store)).toEqual(['Reserved', 'MarkedInDoubt', 'DuplicateSeen', 'Completed'])
  })
  it('is answered all the same where it cannot be recorded', async () => {
    const { ledger, store } = await doubtful()
    store.onEveryAppend(notWritten(failure('StoreFull', 'full')))
    expect(await ledger.reserve(asking())).toMatchObject({
      _tag: 'InDoubt',
      unrecorded: 'StoreFull',
      record: { inDoubt: { sinceMs: 1000 } }
    })
  })
  it('stands in the way of several', async () => {
    const { ledger } = await doubtful()
    const requests = ['k', 'other'].map((key) => ({ ...asking({ key }), lease: 1000 }))
    expect(await ledger.reserveAll(requests)).toMatchObject({
      _tag: 'Blocked',
      index: 0,
      answer: { _tag: 'InDoubt' },
      unreleased: []
    })
    expect(await ledger.get(keyOf('other'))).toBeUndefined()
  })
})

describe('a grant whose answer was lost', () => {
  it('is no licence where the key was marked in doubt under the same claim meanwhile', async () => {
    const { ledger, rival, store } = scriptedLedger()
    const claim = { recordId: idOf(), epoch: 1, claimId: 'mine' }
    store.onAppend(followed(() => rival.markInDoubt({ claim }), lostAfter))
    expect(await ledger.reserve(asking({ claimId: 'mine' }))).toMatchObject({ _tag: 'InDoubt' })
  })
})

describe('a point whose answer was lost', () => {
  it('is ClaimLost where the claim was taken over meanwhile, and whoever took over has the point', async () => {
    const { ledger, rival, store } = scriptedLedger()
    const claim = claimOf(await ledger.reserve(asking()))
    store.onAppend(followed(() => rival.reserve(asking({ owner: 'rival', nowMs: 9000 })), lostAfter))
    expect(await ledger.reachRecoveryPoint({ claim, name: 'charged', data: 7 })).toMatchObject({
      _tag: 'ClaimLost',
      record: { owner: 'rival', epoch: 2, recoveryPoints: [{ name: 'charged', data: 7 }] }
    })
  })
  it('is ClaimLost where the claim was taken over before it, and stands nowhere', async () => {
    const { ledger, rival, store } = scriptedLedger()
    const claim = claimOf(await ledger.reserve(asking()))
    store.onAppend(preceded(() => rival.reserve(asking({ owner: 'rival', nowMs: 9000 }))))
    const answer = await ledger.reachRecoveryPoint({ claim, name: 'charged' })
    expect(answer).toMatchObject({ _tag: 'ClaimLost', record: { owner: 'rival' } })
    expect(answer.record?.recoveryPoints).toBeUndefined()
    expect(await storedTypes(store)).not.toContain('RecoveryPointReached')
  })
})

describe('an import', () => {
  it('brings points and doubt of another ledger in as they are', async () => {
    const elsewhere = scriptedLedger()
    const claim = claimOf(await elsewhere.ledger.reserve(asking()))
    await elsewhere.ledger.reachRecoveryPoint({ claim, name: 'charged' })
    await elsewhere.ledger.markInDoubt({ claim })
    const { ledger, rival } = scriptedLedger()
    expect(await ledger.importRecords(await elsewhere.ledger.list(), { source: 's' })).toMatchObject({ imported: 1 })
    expect(await rival.get(keyOf())).toMatchObject({
      recoveryPoints: [{ name: 'charged' }],
      inDoubt: { sinceMs: 1000 }
    })
    expect(await rival.reserve(asking({ nowMs: hour }))).toMatchObject({ _tag: 'InDoubt' })
  })
  it.each<[string, object]>([
    ['$[0].recoveryPoints', { recoveryPoints: [{ name: 'a' }, { name: 'a' }] }],
    ['$[0].recoveryPoints', { recoveryPoints: Array.from({ length: 101 }, (_, at) => ({ name: `${at}` })) }],
    ['$[0].inDoubt.sinceMs', { inDoubt: { sinceMs: -1 } }]
  ])('refuses what no ledger could hold: %s', async (path, over) => {
    const { ledger } = scriptedLedger()
    await expect(ledger.importRecords([importable('k', over)], { source: 's' })).rejects.toMatchObject({
      tag: 'InvalidInput',
      failure: { path }
    })
  })
})
