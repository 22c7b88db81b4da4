import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../../src/adapters/memory/event-store.ts'
import type { ConfirmCurrent, EventStore } from '../../../src/application/ports/event-store.ts'
import { createLedger } from '../../../src/composition/ledger.ts'
import type { Claim } from '../../../src/domain/claim.ts'
import { failure } from '../../../src/domain/failure.ts'
import { standIn, storeOn } from '../../support/eventstoredb.ts'
import { forEver, forReads, oldReads } from '../../support/old-reads.ts'
import { asking, claimOf, done, failureOf, idOf, keyOf, storedTypes } from '../../support/scripted-ledger.ts'
import { scriptedStore } from '../../support/scripted-store.ts'
import { sqliteStoreOn } from '../../support/sqlite-store.ts'
import { virtualTime } from '../../support/virtual-time.ts'

const deadlineMs = 10_000

/** Another process has the key, for the second time; this one was given its claim, and has seen nothing of the key. */
const handedOver = async (confirmCurrent?: ConfirmCurrent) => {
  const real = scriptedStore()
  const granting = createLedger({ store: real, clock: () => 1000 })
  await granting.release({ claim: claimOf(await granting.reserve(asking())) })
  const claim = claimOf(await granting.reserve(asking({ lease: 5000 })))
  const store = oldReads(real, confirmCurrent)
  const time = virtualTime()
  const ledger = createLedger({ store, clock: () => 1000, timer: time, deadlineMs })
  return { real, store, time, ledger, granting, claim }
}

type World = Awaited<ReturnType<typeof handedOver>>

const presented: ReadonlyArray<readonly [string, (world: Pick<World, 'ledger'>, claim: Claim) => Promise<unknown>]> = [
  ['complete', ({ ledger }, claim) => ledger.complete({ claim, outcome: done })],
  ['release', ({ ledger }, claim) => ledger.release({ claim })],
  ['renew', ({ ledger }, claim) => ledger.renew({ claim, leaseMs: 6000 })]
]

const ages = [
  ['nothing', 0],
  ['the first reservation', 1],
  ['the key vacant', 2]
] as const

describe.each(presented)('a claim that was granted elsewhere, and a read that has not got so far: %s', (_, present) => {
  it.each(ages)('is not unknown, though three reads show %s', async (__, events) => {
    const world = await handedOver()
    world.store.show(events, forReads(3))
    expect(await present(world, world.claim)).toMatchObject({ record: { epoch: 2 } })
    expect(world.store.served()).toBe(3)
  })

  it.each(ages)(
    'is judged by what the store shows once it is current, where it shows %s before',
    async (__, events) => {
      let asked = 0
      const world = await handedOver(() => async () => {
        asked++
        world.store.show(0, () => false)
        return { _tag: 'Right', right: 'fromNowOn' }
      })
      world.store.show(events, forEver)
      expect(await present(world, world.claim)).toMatchObject({ record: { epoch: 2 } })
      expect([asked, world.store.served()]).toEqual([1, 1])
    }
  )

  it('waits for a store that cannot say at once who leads', async () => {
    let left = 5
    const world = await handedOver(() => async () => {
      if (left-- > 0) return { _tag: 'Left', left: failure('StoreUnavailable', 'no leader') }
      world.store.show(0, () => false)
      return { _tag: 'Right', right: 'fromNowOn' }
    })
    world.store.show(1, forEver)
    expect(await present(world, world.claim)).toMatchObject({ record: { epoch: 2 } })
  })

  it('is neither good nor unknown where the store cannot say it in time', async () => {
    const world = await handedOver(() => async () => ({ _tag: 'Left', left: failure('StoreUnavailable', 'no leader') }))
    world.store.show(1, forEver)
    expect(await failureOf(present(world, world.claim))).toMatchObject({
      _tag: 'StoreUnavailable',
      recordId: idOf(),
      message: `${idOf()}: whether this claim was issued cannot be told: what the store shows may be behind`
    })
    expect(world.time.monotonicMs()).toBeLessThanOrEqual(deadlineMs)
    expect(await storedTypes(world.real)).toEqual(['Reserved', 'Expired', 'Reserved'])
  })

  it('is told so by its deadline where the store never answers what it is asked', async () => {
    const world = await handedOver(() => () => new Promise(() => {}))
    world.store.show(1, forEver)
    expect(await failureOf(present(world, world.claim))).toMatchObject({ _tag: 'StoreUnavailable', recordId: idOf() })
    expect(world.time.monotonicMs()).toBe(deadlineMs)
    // the key is not blocked by it
    world.store.show(0, () => false)
    expect(await world.ledger.reserve(asking())).toMatchObject({ _tag: 'Duplicate', record: { epoch: 2 } })
  })

  it('fails by what the store fails with, where waiting would not help', async () => {
    const denied = failure('AccessDenied', 'no right to ask')
    const world = await handedOver(() => async () => ({ _tag: 'Left', left: denied }))
    world.store.show(1, forEver)
    expect(await failureOf(present(world, world.claim))).toMatchObject(denied)
  })

  it.each<readonly [string, unknown]>([
    ['nonsense', { _tag: 'Right', right: 'certainly' }],
    ['nothing', undefined]
  ])('is not judged by a store that answers %s', async (__, answer) => {
    const world = await handedOver(() => async () => answer as never)
    world.store.show(1, forEver)
    expect(await failureOf(present(world, world.claim))).toMatchObject({ _tag: 'StoreUnavailable' })
  })
})

describe('a batch with a claim that is not shown yet', () => {
  it('is answered in its order, each command by what was written', async () => {
    const world = await handedOver()
    world.store.show(1, forReads(3))
    const { ledger, claim } = world
    const forged = { ...claim, epoch: 9 }
    const answers = await Promise.all([
      failureOf(ledger.renew({ claim: forged, leaseMs: 1 })),
      ledger.reserve(asking({ owner: 'another' })),
      ledger.complete({ claim, outcome: done }),
      failureOf(ledger.complete({ claim: forged, outcome: done })),
      // an earlier claim: for this the past is needed
      failureOf(ledger.release({ claim: { ...claim, epoch: 1 } })),
      ledger.reserve(asking({ owner: 'a third' }))
    ])
    expect(answers).toMatchObject([
      { _tag: 'UnknownClaim' },
      { _tag: 'Duplicate', record: { epoch: 2 } },
      { _tag: 'Completed', record: { epoch: 2 } },
      { _tag: 'UnknownClaim' },
      { _tag: 'UnknownClaim' },
      { _tag: 'Duplicate', record: { outcome: { outcomeKind: 'done' } } }
    ])
  })

  it('ends where claims of both kinds are forged', async () => {
    const world = await handedOver(() => async () => ({ _tag: 'Right', right: 'fromNowOn' }))
    const { ledger, claim, granting } = world
    // more reservations, so that what came before them is not known without the past
    await granting.release({ claim })
    for (let n = 0; n < 3; n++) await granting.release({ claim: claimOf(await granting.reserve(asking())) })
    const answers = await Promise.all([
      failureOf(ledger.release({ claim: { ...claim, epoch: 99 } })),
      failureOf(ledger.release({ claim: { ...claim, claimId: 'forged' } })),
      ledger.release({ claim })
    ])
    expect(answers).toMatchObject([{ _tag: 'UnknownClaim' }, { _tag: 'UnknownClaim' }, { _tag: 'Released' }])
  })
})

it('a forged claim is unknown soon, on a store that cannot tell whether it is behind', async () => {
  const { ledger, time, claim } = await handedOver()
  await failureOf(ledger.complete({ claim: { ...claim, epoch: 3 }, outcome: done }))
  expect(time.monotonicMs()).toBeLessThan(300)
})

describe.each<readonly [string, () => Promise<EventStore>, number]>([
  ['memory', async () => memoryStore(), 1],
  ['a file', () => sqliteStoreOn(), 1],
  ['a server', async () => storeOn((await standIn()).url), 2],
  [
    'a cluster',
    async () => {
      const first = await standIn()
      await standIn({ joins: first })
      await standIn({ joins: first })
      return storeOn(first.clusterUrl())
    },
    2
  ],
  ['a store that cannot tell', async () => oldReads(memoryStore()), 8]
])('a forged claim of a later epoch, on %s', (_, open, most) => {
  it.each(presented)('is unknown without more reads than it takes: %s', async (__, present) => {
    const store = scriptedStore(await open())
    const ledger = createLedger({ store })
    const claim = { recordId: idOf(), epoch: 7, claimId: 'forged' }
    // a key that nobody has seen, and one that is held
    for (const held of [false, true]) {
      if (held) await createLedger({ store: store.real }).reserve(asking())
      store.forget()
      expect(await failureOf(present({ ledger }, claim))).toMatchObject({ _tag: 'UnknownClaim' })
      expect(store.reads.length).toBeLessThanOrEqual(most)
      expect(store.appends).toEqual([])
    }
    expect(await ledger.get(keyOf())).toMatchObject({ epoch: 1 })
  })
})
