import { beforeEach, describe, expect, it } from 'vitest'
import type { Claim } from '../../../src/domain/claim.ts'
import { standingClaim } from '../../../src/domain/failure.ts'
import type { Ledger } from '../../../src/index.ts'
import {
  asking,
  claimOf,
  done,
  failureOf,
  idOf,
  keyOf,
  type ScriptedLedger,
  scriptedLedger,
  storedTypes
} from '../../support/scripted-ledger.ts'
import { type AppendStep, followed, lostAfter, lostBefore, preceded, works } from '../../support/scripted-store.ts'

type Case = {
  readonly run: (ledger: Ledger, claim: Claim) => Promise<{ readonly _tag: string }>
  readonly answer: string
  readonly event: string
}

const operator = { ...keyOf(), actor: 'op', note: 'stuck' }

const cases: { readonly [name: string]: Case } = {
  complete: {
    run: (ledger, claim) => ledger.complete({ claim, outcome: done }),
    answer: 'Completed',
    event: 'Completed'
  },
  release: { run: (ledger, claim) => ledger.release({ claim }), answer: 'Released', event: 'Expired' },
  renew: { run: (ledger, claim) => ledger.renew({ claim, leaseMs: 9000 }), answer: 'Renewed', event: 'LeaseRenewed' },
  reachRecoveryPoint: {
    run: (ledger, claim) => ledger.reachRecoveryPoint({ claim, name: 'charged', data: { id: 7 } }),
    answer: 'Reached',
    event: 'RecoveryPointReached'
  },
  markInDoubt: {
    run: (ledger, claim) => ledger.markInDoubt({ claim, note: 'timed out' }),
    answer: 'Marked',
    event: 'MarkedInDoubt'
  },
  completeByKey: {
    run: (ledger) => ledger.completeByKey({ ...keyOf(), outcome: done }),
    answer: 'CompletedByKey',
    event: 'Completed'
  },
  expire: {
    run: (ledger) => ledger.expire({ recordId: idOf(), nowMs: 20_000 }),
    answer: 'Expired',
    event: 'Expired'
  },
  expireByOperator: { run: (ledger) => ledger.expireByOperator(operator), answer: 'Expired', event: 'Expired' },
  completeByOperator: {
    run: (ledger) => ledger.completeByOperator({ ...operator, outcome: done }),
    answer: 'Completed',
    event: 'Completed'
  },
  'a duplicate': { run: (ledger) => ledger.reserve(asking()), answer: 'Duplicate', event: 'DuplicateSeen' },
  'a conflict': {
    run: (ledger) => ledger.reserve(asking({ requestFingerprint: 'other' })),
    answer: 'Conflict',
    event: 'ConflictRecorded'
  }
}

/** A key that a claim holds, whose retention ends at 10,000. */
const held = async (): Promise<ScriptedLedger & { readonly claim: Claim }> => {
  const world = scriptedLedger({ deadlineMs: 500 })
  const claim = claimOf(await world.ledger.reserve(asking({ expiresAtMs: 10_000 })))
  world.store.forget()
  return { ...world, claim }
}

const duplicates = (ledger: Ledger): Promise<unknown> => ledger.reserve(asking({ owner: 'rival' }))

describe.each(Object.entries(cases))('the lost answer of %s', (_, { run, answer, event }) => {
  let world: Awaited<ReturnType<typeof held>>
  beforeEach(async () => {
    world = await held()
  })

  it.each<[string, ReadonlyArray<AppendStep>]>([
    ['before it was written', [lostBefore]],
    ['after it was written', [lostAfter]],
    ['twice before and once after', [lostBefore, lostBefore, lostAfter]]
  ])('is found out by trying the same again: lost %s', async (_when, steps) => {
    const { store, ledger, claim } = world
    store.onAppend(...steps)
    expect(await run(ledger, claim)).toMatchObject({ _tag: answer })
    expect(await storedTypes(store)).toEqual(['Reserved', event])
    expect(store.appends).toEqual(Array.from({ length: steps.length + 1 }, () => store.appends[0]))
    // what was written is a fact; only who is told to go on is told so after the stream was folded again
    expect(store.reads).toHaveLength(answer === 'Renewed' || answer === 'Reached' ? 1 : 0)
  })
  it('is found out although the stream has moved on', async () => {
    const { store, ledger, claim } = world
    let moved = 0
    store.onAppend(
      followed(async () => {
        await world.rival.reserve(asking({ owner: 'rival' }))
        moved = (await storedTypes(store)).length
      }, lostAfter)
    )
    expect(await run(ledger, claim)).toMatchObject({ _tag: answer })
    const types = await storedTypes(store)
    expect(types.slice(0, 2)).toEqual(['Reserved', event])
    expect(types).toHaveLength(moved)
  })
  it('is decided again where a rival got in before it', async () => {
    const { store, ledger, claim } = world
    store.onAppend(preceded(() => duplicates(world.rival), lostAfter))
    expect(await run(ledger, claim)).toMatchObject({ _tag: answer })
    expect(await storedTypes(store)).toEqual(['Reserved', 'DuplicateSeen', event])
    const ids = store.appends.map(({ events }) => events.map(({ id }) => id).join())
    expect(ids[0]).toBe(ids[1])
    expect(ids[2]).not.toBe(ids[1])
  })
  it('is AppendUnknown, without a claim, where it never comes; and the next command sees what stands', async () => {
    const { store, ledger, claim } = world
    store.onEveryAppend(lostBefore)
    if (answer === 'Duplicate' || answer === 'Conflict') {
      expect(await run(ledger, claim)).toMatchObject({ _tag: answer, unrecorded: 'AppendUnknown' })
    } else {
      const failed = await failureOf(run(ledger, claim))
      expect(failed).toMatchObject({ _tag: 'AppendUnknown', recordId: idOf() })
      expect(standingClaim(failed)).toBeUndefined()
    }
    store.onEveryAppend(works)
    expect(await run(ledger, claim)).toMatchObject({ _tag: answer })
    expect(await storedTypes(store)).toEqual(['Reserved', event])
  })
})

describe('repeating a command that was AppendUnknown', () => {
  it.each([
    ['complete', ['Reserved', 'Completed']],
    ['release', ['Reserved', 'Expired']],
    ['reachRecoveryPoint', ['Reserved', 'RecoveryPointReached']],
    ['markInDoubt', ['Reserved', 'MarkedInDoubt']],
    ['completeByOperator', ['Reserved', 'Completed']]
  ])('is safe where it stands: %s', async (name, types) => {
    const { store, ledger, claim } = await held()
    store.onEveryAppend(lostAfter)
    const { run, answer } = cases[name] ?? expect.unreachable()
    await failureOf(run(ledger, claim))
    store.onEveryAppend(works)
    expect(await run(ledger, claim)).toMatchObject({ _tag: answer })
    expect(await storedTypes(store)).toEqual(types)
  })
})
