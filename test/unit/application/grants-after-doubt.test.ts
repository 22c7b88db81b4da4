import { describe, expect, it } from 'vitest'
import {
  asking,
  claimOf,
  done,
  failureOf,
  idOf,
  keyOf,
  scriptedLedger,
  storedTypes
} from '../../support/scripted-ledger.ts'
import { type AppendStep, lostAfter, preceded, works } from '../../support/scripted-store.ts'

const operator = { ...keyOf(), actor: 'op', note: 'n' }

/** The write lands and its answer is lost; somebody acts; only then is it tried again. */
const meanwhile = (act: () => Promise<unknown>): ReadonlyArray<AppendStep> => [lostAfter, preceded(act)]

describe('a worker whose grant was in doubt', () => {
  it.each([
    [
      'an operator',
      (world: ReturnType<typeof scriptedLedger>) => world.rival.completeByOperator({ ...operator, outcome: done })
    ],
    [
      'an unfenced caller',
      (world: ReturnType<typeof scriptedLedger>) => world.rival.completeByKey({ ...keyOf(), outcome: done })
    ]
  ])('is not told to act on what %s has completed meanwhile', async (_, act) => {
    const world = scriptedLedger()
    world.store.onAppend(...meanwhile(() => act(world)))
    expect(await world.ledger.reserve(asking())).toMatchObject({ _tag: 'Duplicate', record: { outcome: done } })
    expect(await storedTypes(world.store)).toEqual(['Reserved', 'Completed', 'DuplicateSeen'])
  })
  it('is not told so after a takeover either, nor where its own claim id was granted again', async () => {
    const world = scriptedLedger()
    await world.rival.reserve(asking())
    world.clock.now += 5000
    world.store.onAppend(works, ...meanwhile(() => world.rival.completeByKey({ ...keyOf(), outcome: done })))
    expect(await world.ledger.reserve(asking({ claimId: 'mine' }))).toMatchObject({ _tag: 'Duplicate' })

    const other = scriptedLedger()
    await other.rival.reserve(asking({ claimId: 'mine' }))
    other.store.onAppend(works, ...meanwhile(() => other.rival.completeByKey({ ...keyOf(), outcome: done })))
    other.clock.now += 100
    expect(await other.ledger.reserve(asking({ claimId: 'mine' }))).toMatchObject({ _tag: 'Duplicate' })
  })
  it('is not told so by reserveAll, which then gives back what it took', async () => {
    const world = scriptedLedger()
    const keys = ['a', 'b'].sort((x, y) => (idOf(x) < idOf(y) ? -1 : 1))
    const [, last] = keys
    world.store.onAppend(works, ...meanwhile(() => world.rival.completeByKey({ ...keyOf(last), outcome: done })))
    const requests = keys.map((key) => ({ ...asking({ key }), lease: 1000 }))
    expect(await world.ledger.reserveAll(requests)).toMatchObject({
      _tag: 'Blocked',
      recordId: idOf(last),
      answer: { _tag: 'Duplicate', record: { outcome: done } },
      unreleased: []
    })
  })
  it('never hears that nothing was written where the new decision fails', async () => {
    const world = scriptedLedger()
    const broken = { _tag: 'Left', left: { _tag: 'NotAStore', message: 'no' } } as const
    world.store.onAppend(
      ...meanwhile(async () => {
        await world.rival.completeByKey({ ...keyOf(), outcome: done })
        world.store.onRead(works, async () => broken)
      })
    )
    world.store.onEveryRead(async () => broken)
    expect(await failureOf(world.ledger.reserve(asking({ claimId: 'mine' })))).toMatchObject({
      _tag: 'AppendUnknown',
      claim: { claimId: 'mine' }
    })
  })
})

describe('a worker whose renewal was in doubt', () => {
  const held = async () => {
    const world = scriptedLedger()
    return { ...world, claim: claimOf(await world.ledger.reserve(asking())) }
  }
  it('is not told to go on under a claim that was taken over meanwhile', async () => {
    const { store, ledger, rival, clock, claim } = await held()
    store.onAppend(
      ...meanwhile(() => {
        clock.now += 60_000
        return rival.reserve(asking({ owner: 'rival' }))
      })
    )
    expect(await ledger.renew({ claim, leaseMs: 2000 })).toMatchObject({
      _tag: 'ClaimLost',
      record: { owner: 'rival' }
    })
  })
  it('is told of the outcome that came meanwhile', async () => {
    const { store, ledger, rival, claim } = await held()
    store.onAppend(...meanwhile(() => rival.completeByOperator({ ...operator, outcome: done })))
    expect(await ledger.renew({ claim, leaseMs: 2000 })).toMatchObject({
      _tag: 'AlreadyCompleted',
      record: { outcome: done }
    })
  })
  it('is told to go on where the claim stands', async () => {
    const { store, ledger, claim } = await held()
    store.onAppend(lostAfter)
    expect(await ledger.renew({ claim, leaseMs: 2000 })).toMatchObject({ _tag: 'Renewed', leaseExpiresAtMs: 3000 })
  })
})
