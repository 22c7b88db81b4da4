import { describe, expect, it, onTestFinished } from 'vitest'
import { memoryStore } from '../../../src/adapters/memory/event-store.ts'
import type { EventStore } from '../../../src/application/ports/event-store.ts'
import { createLedger, type Ledger, type LedgerOptions } from '../../../src/composition/ledger.ts'
import { KeyfoldError } from '../../../src/composition/promises.ts'
import type { Claim } from '../../../src/domain/claim.ts'
import { importable } from '../../support/importable.ts'
import { forEver, forReads, type OldReads, oldReads } from '../../support/old-reads.ts'
import { asking, claimOf, done, failureOf, idOf, keyOf, streamOf } from '../../support/scripted-ledger.ts'
import { scriptedStore } from '../../support/scripted-store.ts'
import { seededChance } from '../../support/seeded-chance.ts'
import { sqliteStoreOn } from '../../support/sqlite-store.ts'
import { type VirtualTime, virtualTime } from '../../support/virtual-time.ts'

const operator = { ...keyOf(), actor: 'op', note: 'n' }
const deadlineMs = 10_000

type World = {
  readonly real: EventStore
  readonly store: OldReads
  readonly time: VirtualTime
  readonly ledger: Ledger
  /** A ledger without a fold of anything: by another process on the store itself, unless one on the same view is asked for. */
  readonly another: (options?: Partial<LedgerOptions>) => Ledger
}

const world = (real: EventStore = memoryStore()): World => {
  const store = oldReads(real)
  const time = virtualTime()
  let seed = 1
  const another = (options: Partial<LedgerOptions> = {}): Ledger =>
    createLedger({ store, clock: () => 1000, timer: time, chance: seededChance(seed++), deadlineMs, ...options })
  return { real, store, time, ledger: another(), another }
}

/** The third reservation of a key: a stream of five events, each of which this process wrote itself. */
const held = async (made: World): Promise<World & { readonly claim: Claim }> => {
  for (let epoch = 1; epoch < 3; epoch++) {
    const claim = claimOf(await made.ledger.reserve(asking({ owner: `owner ${epoch}` })))
    await made.ledger.release({ claim })
  }
  const claim = claimOf(await made.ledger.reserve(asking({ claimId: 'mine', lease: 5000 })))
  return { ...made, claim }
}

/** What an old read shows, by the number of events. */
const ages = [
  ['nothing', 0],
  ['the first event', 1],
  ['an earlier reservation', 3],
  ['that it is vacant', 4]
] as const

type Held = World & { readonly claim: Claim }

/** What a caller asks of another ledger on the same store, which has no fold yet, and is to be told. */
const asked: ReadonlyArray<
  readonly [what: string, ask: (world: Held, ledger: Ledger) => Promise<unknown>, told: object]
> = [
  ['complete', ({ claim }, { complete }) => complete({ claim, outcome: done }), { _tag: 'Completed' }],
  ['release', ({ claim }, { release }) => release({ claim }), { _tag: 'Released' }],
  ['renew', ({ claim }, { renew }) => renew({ claim, leaseMs: 6000 }), { _tag: 'Renewed', leaseExpiresAtMs: 7000 }],
  ['a renewal that is none', ({ claim }, { renew }) => renew({ claim, leaseMs: 1 }), { _tag: 'Renewed' }],
  ['get', (_, { get }) => get(keyOf()), { epoch: 3, owner: 'me' }],
  ['history', async (_, { history }) => ({ events: await history(keyOf()) }), { events: { length: 5 } }],
  [
    'a reserve by its holder',
    (_, { reserve }) => reserve(asking({ claimId: 'mine', lease: 'none' })),
    { _tag: 'Reserved', claim: { epoch: 3 } }
  ],
  ['a duplicate', (_, { reserve }) => reserve(asking()), { _tag: 'Duplicate', record: { epoch: 3 } }],
  ['a conflict', (_, { reserve }) => reserve(asking({ requestFingerprint: 'x' })), { _tag: 'Conflict' }],
  [
    'an unfenced completion',
    (_, { completeByKey }) => completeByKey({ ...keyOf(), outcome: done }),
    { _tag: 'CompletedByKey', record: { epoch: 3, outcome: { outcomeKind: 'done' } } }
  ],
  ['expire', (_, { expire }) => expire({ recordId: idOf() }), { _tag: 'NotDue', record: { epoch: 3 } }],
  ['expireByOperator', (_, { expireByOperator }) => expireByOperator(operator), { record: { epoch: 3 } }],
  [
    'completeByOperator',
    (_, { completeByOperator }) => completeByOperator({ ...operator, outcome: done }),
    { _tag: 'Completed', record: { epoch: 3 } }
  ],
  ['an import', (_, { importRecords }) => importRecords([importable('k')], { source: 's' }), { _tag: 'ImportRefused' }],
  [
    'completeAll',
    ({ claim }, { completeAll }) => completeAll({ claims: [claim], outcome: done }),
    [{ _tag: 'Completed' }]
  ]
]

/** The answer, or the failure that is given in its place. */
const answerOf = (work: Promise<unknown>): Promise<unknown> =>
  work.catch((cause: unknown) => (cause instanceof KeyfoldError ? cause.failure : Promise.reject(cause)))

describe.each(asked)('a stream that this process wrote to, and a read that is behind: %s', (_, ask, told) => {
  it.each(ages)('is answered by what was written, though three reads show %s', async (_, events) => {
    const made = await held(world())
    made.store.show(events, forReads(3))
    expect(await answerOf(ask(made, made.another()))).toMatchObject(told)
    expect(made.store.served()).toBe(3)
  })

  it('is answered as soon as reads have caught up, seconds later', async () => {
    const made = await held(world())
    const over = made.time.monotonicMs() + 3000
    made.store.show(1, () => made.time.monotonicMs() < over)
    expect(await answerOf(ask(made, made.another()))).toMatchObject(told)
  })

  it.each(ages)('is a failure by its deadline, where reads show %s for ever', async (_, events) => {
    const made = await held(world())
    made.store.show(events, forEver)
    const begun = made.time.monotonicMs()
    expect(await answerOf(ask(made, made.another()))).toMatchObject({
      _tag: 'StoreUnavailable',
      recordId: idOf(),
      message: `${idOf()}: the store shows an older state of this stream than it has shown before`
    })
    expect(made.time.monotonicMs() - begun).toBeLessThanOrEqual(deadlineMs)
  })

  it('is answered on a file too', async () => {
    const made = await held(world(await sqliteStoreOn()))
    made.store.show(1, forReads(3))
    expect(await answerOf(ask(made, made.another()))).toMatchObject(told)
    expect(made.store.served()).toBe(3)
  })
})

describe('one ledger, whose answer needs no event and so rests on a read', () => {
  it('never takes back what it has told', async () => {
    const made = await held(world())
    const { ledger, store, claim } = made
    await ledger.complete({ claim, outcome: done })
    const again: ReadonlyArray<readonly [() => Promise<unknown>, object]> = [
      [() => ledger.complete({ claim, outcome: done }), { _tag: 'Completed' }],
      [() => ledger.release({ claim }), { _tag: 'AlreadyCompleted' }],
      [() => ledger.renew({ claim, leaseMs: 1000 }), { _tag: 'AlreadyCompleted' }],
      [() => ledger.get(keyOf()), { status: 'completed' }],
      [() => ledger.completeByOperator({ ...operator, outcome: done }), { _tag: 'Completed' }]
    ]
    for (const [ask, told] of again) {
      store.show(5, forReads(2))
      expect(await ask()).toMatchObject(told)
    }
    expect(store.served()).toBe(2 * again.length)
  })

  it('never takes back what it has only read', async () => {
    const made = await held(world())
    const { store, another } = world(made.real)
    const reader = another({ recording: 'ignore' })
    expect(await reader.get(keyOf())).toMatchObject({ epoch: 3 })
    store.show(1, forReads(3))
    expect(await reader.reserve(asking())).toMatchObject({ _tag: 'Duplicate', record: { epoch: 3 } })
  })

  it('never shows less than a conflict has told of', async () => {
    const made = await held(world())
    const { store, another } = world(made.real)
    const newcomer = another()
    store.show(0, forReads(5))
    expect(await newcomer.reserve(asking({ owner: 'another' }))).toMatchObject({
      _tag: 'Duplicate',
      record: { epoch: 3, owner: 'me' }
    })
    expect(store.served()).toBe(5)
  })

  it('tells a lost claim by what its key has become, not by what it was', async () => {
    const made = await held(world())
    const { ledger, store, claim } = made
    await ledger.expireByOperator(operator)
    await ledger.reserve(asking({ owner: 'the next' }))
    store.show(5, forReads(2))
    expect(await ledger.complete({ claim, outcome: done })).toMatchObject({
      _tag: 'ClaimLost',
      record: { owner: 'the next' }
    })
  })
})

describe('a store that is never behind', () => {
  it('is right, and not asked for ever, where it shows less than it did', async () => {
    const real = memoryStore()
    const store = oldReads(real, real.confirmCurrent)
    const ledger = createLedger({ store })
    await ledger.complete({ claim: claimOf(await ledger.reserve(asking())), outcome: done })
    store.show(1, forEver)
    expect(await ledger.get(keyOf())).toMatchObject({ status: 'reserved' })
    expect(store.served()).toBe(1)
  })

  it.each<readonly [string, () => Promise<EventStore>]>([
    ['memory', async () => memoryStore()],
    ['a file', () => sqliteStoreOn()]
  ])('does not say so of a view of it that reads in another way: %s', async (_, open) => {
    const real = await open()
    const granting = createLedger({ store: real })
    let old = 3
    const view: EventStore = {
      ...real,
      readStream: (...what) => (old-- > 0 ? async () => ({ _tag: 'Right', right: [] }) : real.readStream(...what))
    }
    const claim = claimOf(await granting.reserve(asking({ lease: 60_000 })))
    expect(await createLedger({ store: view }).renew({ claim, leaseMs: 90_000 })).toMatchObject({ _tag: 'Renewed' })
  })
})

describe('a read of many pages', () => {
  /** A stream of more pages than one, and a view that this process has read all of. */
  const long = async () => {
    const made = await held(world())
    for (let n = 0; n < 100; n++) await made.ledger.reserve(asking({ owner: `asker ${n}` }))
    return made
  }

  it.each([0, 3, 5, 50])('is not put together from two states: every other page shows %i events', async (events) => {
    const made = await long()
    let page = 0
    made.store.show(events, () => page++ % 2 === 1)
    expect(await made.another().get(keyOf())).toMatchObject({ epoch: 3, duplicateCount: 100 })
    // the past of an earlier claim is read forwards, to the end
    expect(await made.another().history(keyOf())).toHaveLength(105)
    expect(made.store.served()).toBeGreaterThan(1)
  })
})

describe('counts that wait', () => {
  it('are not thrown away because a read shows the key before it was held', async () => {
    const { ledger, store, another } = world()
    const counting = another({ recording: 'coalesce' })
    const claim = claimOf(await ledger.reserve(asking()))
    for (let n = 0; n < 3; n++) await counting.reserve(asking())
    store.show(0, forReads(3))
    await counting.dispose()
    expect(await ledger.get(keyOf())).toMatchObject({ epoch: claim.epoch, duplicateCount: 3 })
    expect(store.served()).toBe(3)
  })
})

describe('records that were imported in one transaction', () => {
  it('are there for whoever asks next', async () => {
    const { ledger, store } = world()
    await ledger.importRecords([importable('k'), importable('l')], { source: 's' })
    store.show(0, forReads(3))
    expect(await ledger.get(keyOf('l'))).toMatchObject({ owner: 'older' })
    expect(store.served()).toBe(3)
  })
})

describe('a key whose events are gone', () => {
  it('is free at once where the store can tell that they were removed', async () => {
    const real = memoryStore()
    let removed = false
    const asks: Array<bigint> = []
    const store: EventStore = {
      ...real,
      append: (append) => (removed ? async () => ({ _tag: 'Right', right: { revision: 0n } }) : real.append(append)),
      readStream: (...what) => (removed ? async () => ({ _tag: 'Right', right: [] }) : real.readStream(...what)),
      isRemoved: (_, revision) => async () => {
        asks.push(revision)
        return { _tag: 'Right', right: removed }
      }
    }
    const { ledger, another } = await held(world(store))
    removed = true
    expect(await ledger.get(keyOf())).toBeUndefined()
    expect(asks).toEqual([4n])
    // it is asked about once
    expect(await another().history(keyOf())).toEqual([])
    expect(asks).toEqual([4n])
    expect(await another().reserve(asking({ owner: 'the next' }))).toMatchObject({ claim: { epoch: 1 } })
  })

  it('is not free where the store could not say whether they were', async () => {
    const store: EventStore = {
      ...memoryStore(),
      isRemoved: () => async () => ({ _tag: 'Left', left: { _tag: 'AccessDenied', message: 'no right to ask' } })
    }
    const made = await held(world(store))
    made.store.show(0, forEver)
    expect(await failureOf(made.ledger.get(keyOf()))).toMatchObject({ _tag: 'AccessDenied' })
  })

  it('is not asked about while reads show what they must', async () => {
    const store: EventStore = { ...memoryStore(), isRemoved: () => expect.unreachable('nothing is missing') }
    const { ledger, claim } = await held(world(store))
    await ledger.complete({ claim, outcome: done })
    expect(await ledger.history(keyOf())).toHaveLength(6)
    expect(await ledger.get(keyOf('another'))).toBeUndefined()
  })

  it('is not free because the last of its events are gone from a file', async () => {
    const real = await sqliteStoreOn()
    const made = await held(world(real))
    made.store.show(4, forEver)
    expect(await real.isRemoved?.(streamOf(), 4n)()).toEqual({ _tag: 'Right', right: false })
    expect(await failureOf(made.ledger.get(keyOf()))).toMatchObject({ _tag: 'StoreUnavailable' })
  })
})

describe('two ledgers on one store', () => {
  it('do not read again for what one of them wrote while the other was reading', async () => {
    const scripted = scriptedStore()
    const one = createLedger({ store: scripted, timer: virtualTime() })
    const other = createLedger({ store: scripted, timer: virtualTime() })
    onTestFinished(() => one.dispose())
    await one.reserve(asking())
    scripted.forget()
    scripted.onRead(async (real) => {
      const read = await real()
      await one.reserve(asking())
      return read
    })
    expect(await other.get(keyOf())).toMatchObject({ duplicateCount: 0 })
    expect(scripted.reads).toHaveLength(1)
  })
})
