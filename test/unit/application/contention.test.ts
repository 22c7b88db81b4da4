import { describe, expect, it } from 'vitest'
import type { Claim } from '../../../src/domain/claim.ts'
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
  stored,
  storedTypes
} from '../../support/scripted-ledger.ts'
import { preceded, works } from '../../support/scripted-store.ts'

/** Another process hammers the key: before each append of this one, a duplicate gets in. */
const storm = ({ store, rival }: ScriptedLedger): void =>
  store.onEveryAppend(preceded(() => rival.reserve(asking({ owner: 'rival' }))))

const calm = ({ store }: ScriptedLedger): void => store.onEveryAppend(works)

const held = async (deadlineMs = 10_000): Promise<ScriptedLedger & { readonly claim: Claim }> => {
  const world = scriptedLedger({ deadlineMs })
  const claim = claimOf(await world.rival.reserve(asking()))
  return { ...world, claim }
}

const operator = { ...keyOf(), actor: 'op', note: 'n' }
const writers: ReadonlyArray<readonly [string, string, (ledger: Ledger, claim: Claim) => Promise<unknown>]> = [
  ['complete', 'Completed', (ledger, claim) => ledger.complete({ claim, outcome: done })],
  ['release', 'Expired', (ledger, claim) => ledger.release({ claim })],
  ['renew', 'LeaseRenewed', (ledger, claim) => ledger.renew({ claim, leaseMs: 9000 })],
  ['completeByKey', 'Completed', (ledger) => ledger.completeByKey({ ...keyOf(), outcome: done })],
  ['expireByOperator', 'Expired', (ledger) => ledger.expireByOperator(operator)],
  ['completeByOperator', 'Completed', (ledger) => ledger.completeByOperator({ ...operator, outcome: done })]
]

describe.each(writers)('%s in a storm of duplicates', (_, event, run) => {
  it('goes on until it is written, although every duplicate moves the revision', async () => {
    const world = await held()
    const { store, ledger, rival, claim } = world
    store.onAppend(...Array.from({ length: 40 }, () => preceded(() => rival.reserve(asking({ owner: 'rival' })))))
    await run(ledger, claim)
    expect(store.appends).toHaveLength(41)
    expect(await storedTypes(store)).toEqual(['Reserved', ...Array.from({ length: 40 }, () => 'DuplicateSeen'), event])
  })
  it('is Contended at its deadline, with nothing of it written; and works once it is calm', async () => {
    const world = await held(2000)
    const { store, ledger, time, claim } = world
    storm(world)
    expect(await failureOf(run(ledger, claim))).toMatchObject({ _tag: 'Contended', recordId: idOf() })
    expect(time.monotonicMs()).toBe(2000)
    expect(new Set(await storedTypes(store))).toEqual(new Set(['Reserved', 'DuplicateSeen']))
    calm(world)
    await run(ledger, claim)
    expect((await storedTypes(store)).at(-1)).toBe(event)
  })
})

describe('a reserve that cannot be recorded', () => {
  it.each([
    ['Duplicate', 'fp'],
    ['Conflict', 'other']
  ])('is answered %s after a few tries all the same, from a fresh read', async (answer, requestFingerprint) => {
    const world = await held()
    const { store, ledger } = world
    storm(world)
    const told = await ledger.reserve(asking({ requestFingerprint }))
    expect(store.appends).toHaveLength(3)
    const duplicates = (await stored(store)).length - 1
    // what the rival wrote is counted, what could not be recorded is not
    expect(told).toMatchObject({
      _tag: answer,
      record: { duplicateCount: duplicates, conflictCount: 0, conflictFingerprints: [], status: 'reserved' }
    })
    expect(duplicates).toBe(3)
  })
  it('is answered with the outcome that came meanwhile', async () => {
    const { store, ledger, rival, claim } = await held()
    const duplicate = preceded(() => rival.reserve(asking({ owner: 'rival' })))
    store.onAppend(
      duplicate,
      duplicate,
      preceded(() => rival.complete({ claim, outcome: done }))
    )
    expect(await ledger.reserve(asking())).toMatchObject({ _tag: 'Duplicate', record: { outcome: done } })
  })
  it('is granted where the key was given back meanwhile', async () => {
    const { store, ledger, rival, claim } = await held()
    const duplicate = preceded(() => rival.reserve(asking({ owner: 'rival' })))
    store.onAppend(
      duplicate,
      duplicate,
      preceded(() => rival.release({ claim }))
    )
    expect(await ledger.reserve(asking())).toMatchObject({ _tag: 'Reserved', claim: { epoch: 2 } })
  })
  it('is answered, and never Contended, where its deadline comes before the few tries are over', async () => {
    const world = await held(0)
    storm(world)
    expect(await world.ledger.reserve(asking())).toMatchObject({ _tag: 'Duplicate' })
  })
  it('is answered before a complete that goes on beside it', async () => {
    const world = await held()
    const { store, ledger, time, claim } = world
    storm(world)
    const order: Array<string> = []
    const complete = failureOf(ledger.complete({ claim, outcome: done })).then(({ _tag }) => order.push(_tag))
    const answered = await ledger.reserve(asking())
    order.push(answered._tag)
    expect(store.appends.length).toBeLessThan(6)
    expect(time.monotonicMs()).toBeLessThan(1000)
    await complete
    expect(order).toEqual(['Duplicate', 'Contended'])
  })
  it('is Contended where it would have to be granted, and never can be', async () => {
    const { store, ledger, rival, time } = scriptedLedger({ deadlineMs: 1000 })
    store.onEveryAppend(
      preceded(async () => {
        const claim = claimOf(await rival.reserve(asking({ owner: 'rival', requestFingerprint: 'rival' })))
        await rival.release({ claim })
      })
    )
    expect(await failureOf(ledger.reserve(asking({ claimId: 'mine' })))).toMatchObject({ _tag: 'Contended' })
    expect(time.monotonicMs()).toBe(1000)
    expect((await stored(store)).some(({ data }) => data.includes('mine'))).toBe(false)
  })
})

describe('waiting between tries', () => {
  it('has full jitter below a ceiling that doubles up to 250 ms, and never passes the deadline', async () => {
    const world = await held(3000)
    storm(world)
    await failureOf(world.ledger.complete({ claim: world.claim, outcome: done }))
    const { slept } = world.time
    expect(slept.length).toBeGreaterThan(15)
    for (const [index, ms] of slept.entries()) {
      expect(ms).toBeGreaterThanOrEqual(0)
      expect(ms).toBeLessThanOrEqual(Math.min(250, 2 * 2 ** (index + 1)))
    }
    expect(Math.max(...slept)).toBeGreaterThan(125)
    expect(Math.min(...slept.slice(8, -1))).toBeLessThan(125)
    expect(slept.reduce((sum, ms) => sum + ms, 0)).toBeCloseTo(3000)
  })
  it('does not come before the second conflict: the first is how one learns that a key exists', async () => {
    const { ledger, time } = await held()
    await ledger.reserve(asking())
    expect(time.slept).toEqual([])
  })
})
