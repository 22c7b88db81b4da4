import { describe, expect, it } from 'vitest'
import type { Claim } from '../../../src/domain/claim.ts'
import { failure } from '../../../src/domain/failure.ts'
import { done, failureOf, idOf, keyOf, type ScriptedLedger, scriptedLedger } from '../../support/scripted-ledger.ts'
import { notWritten, works } from '../../support/scripted-store.ts'
import { allTypes, appendedTo, high, keys, low, middle, streams, wanting } from '../../support/three-keys.ts'

const full = failure('StoreFull', 'full')

const held = async (): Promise<ScriptedLedger & { readonly claims: ReadonlyArray<Claim> }> => {
  const world = scriptedLedger()
  const answer = await world.ledger.reserveAll([middle, high, low].map((key) => wanting(key)))
  if (answer._tag !== 'AllReserved') return expect.unreachable()
  world.store.forget()
  return { ...world, claims: answer.reservations.map(({ claim }) => claim) }
}

describe.each([
  ['completeAll', 'Completed', 'Completed'],
  ['releaseAll', 'Released', 'Expired']
] as const)('%s', (name, tag, type) => {
  const run = ({ ledger }: ScriptedLedger, claims: ReadonlyArray<Claim>) =>
    name === 'completeAll' ? ledger.completeAll({ claims, outcome: done }) : ledger.releaseAll({ claims, note: 'n' })

  it('goes through its claims in reverse order, and answers in theirs', async () => {
    const world = await held()
    expect(await run(world, world.claims)).toMatchObject(
      [middle, high, low].map((key) => ({ _tag: tag, record: { recordId: idOf(key) } }))
    )
    expect(appendedTo(world)).toEqual(streams.toReversed())
  })
  it('of no claims does nothing, and answers nothing', async () => {
    const world = await held()
    expect(await run(world, [])).toEqual([])
    expect([...world.store.appends, ...world.store.reads]).toEqual([])
  })
  it('stops at the first error, names its key, and is safe to repeat after it', async () => {
    const world = await held()
    world.store.onAppend(works, notWritten(full))
    expect(await failureOf(run(world, world.claims))).toEqual({ ...full, recordId: idOf(middle) })
    expect(await allTypes(world)).toEqual([['Reserved'], ['Reserved'], ['Reserved', type]])
    expect(await run(world, world.claims)).toMatchObject([{ _tag: tag }, { _tag: tag }, { _tag: tag }])
    expect(await allTypes(world)).toEqual(keys.map(() => ['Reserved', type]))
  })
  it('is safe to repeat by another process after a crash', async () => {
    const world = await held()
    world.store.onAppend(works, () => new Promise(() => undefined))
    const crashed = failureOf(run(world, world.claims))
    await expect.poll(() => world.store.appends.length).toBe(2)
    expect(await run({ ...world, ledger: world.rival }, world.claims)).toMatchObject([
      { _tag: tag },
      { _tag: tag },
      { _tag: tag }
    ])
    expect(await allTypes(world)).toEqual(keys.map(() => ['Reserved', type]))
    await crashed
  })
  it('answers each claim for itself: a lost one does not stop the others', async () => {
    const world = await held()
    await world.rival.expireByOperator({ ...keyOf(middle), actor: 'op', note: 'n' })
    expect(await run(world, world.claims)).toMatchObject([{ _tag: 'ClaimLost' }, { _tag: tag }, { _tag: tag }])
  })
  it.each<[string, (claims: ReadonlyArray<Claim>) => unknown, string]>([
    ['no list', () => undefined, '$.claims'],
    ['no list', () => ({ length: 1 }), '$.claims'],
    ['a hole', ([claim]) => Object.assign(Array(2), { 0: claim }), '$.claims[1]'],
    ['what is no claim', ([claim]) => [claim, null], '$.claims[1]'],
    ['a bad record id', ([claim]) => [claim, { ...claim, recordId: 'idem_1' }], '$.claims[1].recordId'],
    ['a bad epoch', ([claim]) => [claim, { ...claim, epoch: 0 }], '$.claims[1].epoch'],
    ['a bad claim id', ([claim]) => [claim, { ...claim, claimId: '' }], '$.claims[1].claimId']
  ])('refuses %s before anything is written', async (_, claims, path) => {
    const world = await held()
    expect(await failureOf(run(world, claims(world.claims) as ReadonlyArray<Claim>))).toMatchObject({
      _tag: 'InvalidInput',
      path
    })
    expect(world.store.appends).toEqual([])
  })
  it.each([null, undefined, 'claims', 7])('refuses what is no request: %s', async (request) => {
    const { ledger } = await held()
    expect(await failureOf(ledger[name](request as never))).toMatchObject({ _tag: 'InvalidInput', path: '$' })
  })
})

describe('the outcome of completeAll', () => {
  it('is the same on each key, its time too', async () => {
    const { ledger, claims, clock, store } = await held()
    store.onEveryAppend((real) => {
      clock.now += 100
      return real()
    })
    await ledger.completeAll({ claims, outcome: { outcomeKind: 'done', details: { a: [1] } } })
    const outcomes = (await ledger.list()).map(({ outcome }) => outcome)
    expect(outcomes).toEqual(outcomes.map(() => ({ outcomeKind: 'done', completedAtMs: 1000, details: { a: [1] } })))
  })
  it('is refused before anything is written where it is none', async () => {
    const { ledger, claims, store } = await held()
    const outcome = { outcomeKind: 'done', details: { at: Number.NaN } }
    expect(await failureOf(ledger.completeAll({ claims, outcome }))).toMatchObject({
      _tag: 'InvalidInput',
      path: '$.outcome.details.at'
    })
    expect(store.appends).toEqual([])
  })
})
