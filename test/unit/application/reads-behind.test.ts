import { describe, expect, it } from 'vitest'
import type { Ledger } from '../../../src/composition/ledger.ts'
import { KeyfoldError } from '../../../src/composition/promises.ts'
import type { Claim } from '../../../src/domain/claim.ts'
import { importable } from '../../support/importable.ts'
import { forEver, forReads } from '../../support/old-reads.ts'
import { asking, done, idOf, keyOf } from '../../support/scripted-ledger.ts'
import { sqliteStoreOn } from '../../support/sqlite-store.ts'
import { deadlineMs, held, operator, type World, world } from '../../support/world-behind.ts'

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
