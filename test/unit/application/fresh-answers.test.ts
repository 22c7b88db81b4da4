import { describe, expect, it } from 'vitest'
import type { Claim } from '../../../src/domain/claim.ts'
import {
  asking,
  claimOf,
  done,
  idOf,
  keyOf,
  type ScriptedLedger,
  scriptedLedger,
  storedTypes
} from '../../support/scripted-ledger.ts'

type World = ScriptedLedger & { readonly claim: Claim }

/** This process has a fold at hand that is about to be stale: the key is held by a claim that it gave. */
const held = async (options: Parameters<typeof scriptedLedger>[0] = {}, over = {}): Promise<World> => {
  const world = scriptedLedger(options)
  const claim = claimOf(await world.ledger.reserve(asking({ claimId: 'mine', ...over })))
  world.store.forget()
  return { ...world, claim }
}

const ends = ({ rival }: World) => rival.expireByOperator({ ...keyOf(), actor: 'op', note: 'n' })
const takes = async (world: World) => {
  await ends(world)
  return world.rival.reserve(asking({ owner: 'rival', claimId: 'theirs', lease: 'none' }))
}

/** Nothing was written by this process; and nothing was answered without asking the store. */
const onlyRead = ({ store }: World): void => {
  expect(store.appends).toEqual([])
  expect(store.reads.length).toBeGreaterThan(0)
}

describe('an answer without events sees what a rival process wrote, whatever this one has at hand', () => {
  it('own claim id: granted again while it is the current one', async () => {
    const world = await held()
    await world.rival.reserve(asking({ owner: 'rival' }))
    expect(await world.ledger.reserve(asking({ claimId: 'mine', lease: 'none' }))).toMatchObject({
      _tag: 'Reserved',
      claim: world.claim,
      record: { duplicateCount: 1 }
    })
    onlyRead(world)
  })
  it('own claim id: not granted once a rival has the key', async () => {
    const world = await held()
    await takes(world)
    const answer = await world.ledger.reserve(asking({ claimId: 'mine', lease: 'none' }))
    expect(answer).toMatchObject({ _tag: 'Duplicate', record: { owner: 'rival', epoch: 2 } })
  })
  it('own claim id: not granted once the key is vacant, but taken anew', async () => {
    const world = await held()
    await ends(world)
    const answer = await world.ledger.reserve(asking({ claimId: 'mine', lease: 'none' }))
    expect(answer).toMatchObject({ _tag: 'Reserved', takeover: true, claim: { epoch: 2 } })
  })
  it('a replay that is not recorded: with the outcome that a rival stored', async () => {
    const world = await held({ recording: 'ignore' })
    await world.rival.complete({ claim: world.claim, outcome: done })
    expect(await world.ledger.reserve(asking())).toMatchObject({ _tag: 'Duplicate', record: { outcome: done } })
    onlyRead(world)
  })
  it('a replay that is not recorded: no longer once a rival gave the key back', async () => {
    const world = await held({ recording: 'ignore' })
    await world.rival.release({ claim: world.claim })
    expect(await world.ledger.reserve(asking())).toMatchObject({ _tag: 'Reserved', claim: { epoch: 2 } })
  })
  it('a repeated complete: lost once a rival has the key', async () => {
    const world = await held()
    await world.ledger.complete({ claim: world.claim, outcome: done })
    await takes(world)
    expect(await world.ledger.complete({ claim: world.claim, outcome: done })).toMatchObject({
      _tag: 'ClaimLost',
      record: { owner: 'rival' }
    })
  })
  it('a repeated complete: with what a rival recorded since', async () => {
    const world = await held()
    await world.ledger.complete({ claim: world.claim, outcome: done })
    await world.rival.reserve(asking())
    world.store.forget()
    expect(await world.ledger.complete({ claim: world.claim, outcome: done })).toMatchObject({
      _tag: 'Completed',
      record: { duplicateCount: 1 }
    })
    onlyRead(world)
  })
  it('NotDue: due once a rival restated the retention', async () => {
    const world = await held({}, { expiresAtMs: 50_000 })
    const expire = () => world.ledger.expire({ recordId: idOf(), nowMs: 3000 })
    expect(await expire()).toMatchObject({ _tag: 'NotDue', record: { expiresAtMs: 50_000 } })
    onlyRead(world)
    await world.rival.complete({ claim: world.claim, outcome: done, expiresAtMs: 2000 })
    expect(await expire()).toMatchObject({ _tag: 'Expired', record: { outcome: done } })
  })
  it('ClaimLost: release and renew tell the record that a rival holds now', async () => {
    const world = await held()
    await ends(world)
    const { ledger, claim, rival } = world
    expect(await ledger.release({ claim })).toEqual({ _tag: 'ClaimLost' })
    await rival.reserve(asking({ owner: 'rival' }))
    world.store.forget()
    expect(await ledger.release({ claim })).toMatchObject({ _tag: 'ClaimLost', record: { owner: 'rival' } })
    expect(await ledger.renew({ claim, leaseMs: 5 })).toMatchObject({ _tag: 'ClaimLost', record: { epoch: 2 } })
    onlyRead(world)
  })
  it('none: an unfenced complete of a key that a rival reserved meanwhile', async () => {
    const world = scriptedLedger()
    const complete = () => world.ledger.completeByKey({ ...keyOf(), outcome: done })
    expect(await complete()).toEqual({ _tag: 'CompletedByKey' })
    await world.rival.reserve(asking())
    expect(await complete()).toMatchObject({ _tag: 'CompletedByKey', record: { outcome: done } })
    expect(await storedTypes(world.store)).toEqual(['Reserved', 'Completed'])
  })
  it('NotHeld: an operator’s command on a key that a rival took meanwhile', async () => {
    const world = await held()
    const expire = () => world.ledger.expireByOperator({ ...keyOf(), actor: 'op', note: 'n' })
    await ends(world)
    expect(await expire()).toEqual({ _tag: 'NotHeld' })
    await world.rival.reserve(asking())
    expect(await expire()).toMatchObject({ _tag: 'Expired' })
  })
  it('UnknownClaim: a claim that a rival process was given meanwhile', async () => {
    const world = await held()
    const claim = { recordId: idOf(), epoch: 2, claimId: 'theirs' }
    await expect(world.ledger.renew({ claim, leaseMs: 5 })).rejects.toMatchObject({ tag: 'UnknownClaim' })
    await takes(world)
    expect(await world.ledger.renew({ claim, leaseMs: 5 })).toMatchObject({ _tag: 'Renewed' })
  })
  it('Gone: until a rival under another policy reserves the key', async () => {
    const world = await held({ policy: { reuseAfterExpiry: 'reject' } }, { expiresAtMs: 2000 })
    world.clock.now = 5000
    expect(await world.ledger.reserve(asking())).toMatchObject({ _tag: 'Gone' })
    world.store.forget()
    expect(await world.ledger.reserve(asking())).toMatchObject({ _tag: 'Gone' })
    onlyRead(world)
    await world.rival.reserve(asking({ owner: 'rival' }))
    expect(await world.ledger.reserve(asking())).toMatchObject({ _tag: 'Duplicate', record: { owner: 'rival' } })
  })
})

describe('what an answer holds', () => {
  it('is nobody’s to change: the next answer is not touched by it', async () => {
    const { ledger, claim } = await held()
    const outcome = { ...done, details: { list: [1] } }
    for (const answer of [await ledger.complete({ claim, outcome }), await ledger.reserve(asking())]) {
      const record = 'record' in answer ? answer.record : undefined
      const list = (record?.outcome?.details as { list: Array<number> } | undefined)?.list
      try {
        list?.push(2)
      } catch (cause) {
        expect(cause).toBeInstanceOf(TypeError)
      }
    }
    expect(await ledger.reserve(asking())).toMatchObject({ record: { outcome: { details: { list: [1] } } } })
  })
})

describe('recording nothing', () => {
  it('answers duplicates and conflicts from a fresh read, and records neither', async () => {
    const world = await held({ recording: 'ignore' })
    expect(await world.ledger.reserve(asking())).toMatchObject({ _tag: 'Duplicate', record: { duplicateCount: 0 } })
    expect(await world.ledger.reserve(asking({ requestFingerprint: 'other' }))).toMatchObject({
      _tag: 'Conflict',
      record: { conflictCount: 0, conflictFingerprints: [], status: 'reserved' }
    })
    onlyRead(world)
    expect(world.store.reads).toHaveLength(2)
  })
  it('records everything else', async () => {
    const world = await held({ recording: 'ignore' })
    const { ledger, claim, clock, store } = world
    await ledger.renew({ claim, leaseMs: 2000 })
    await ledger.complete({ claim, outcome: done })
    await ledger.complete({ claim, outcome: { outcomeKind: 'another' } })
    clock.now += 10_000
    await ledger.expireByOperator({ ...keyOf(), actor: 'op', note: 'n' })
    await ledger.reserve(asking())
    expect(await storedTypes(store)).toEqual([
      'Reserved',
      'LeaseRenewed',
      'Completed',
      'CompletionRejected',
      'Expired',
      'Reserved'
    ])
  })
  it('does not hold an answer up behind a write that its batch needs', async () => {
    const world = await held({ recording: 'ignore' })
    const { ledger, claim, store } = world
    const [duplicate, completed, replay] = await Promise.all([
      ledger.reserve(asking()),
      ledger.complete({ claim, outcome: done }),
      ledger.reserve(asking())
    ])
    expect(duplicate).toMatchObject({ _tag: 'Duplicate', record: { outcome: undefined } })
    expect(completed).toMatchObject({ _tag: 'Completed' })
    expect(replay).toMatchObject({ _tag: 'Duplicate', record: { outcome: done } })
    expect(await storedTypes(store)).toEqual(['Reserved', 'Completed'])
  })
})
