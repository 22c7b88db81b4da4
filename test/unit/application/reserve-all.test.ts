import { describe, expect, it } from 'vitest'
import type { ReserveAllRequest } from '../../../src/application/requests/requests.ts'
import { failure } from '../../../src/domain/failure.ts'
import {
  asking,
  claimOf,
  done,
  failureOf,
  idOf,
  scriptedLedger,
  stored,
  streamOf
} from '../../support/scripted-ledger.ts'
import { lostBefore, notWritten, works } from '../../support/scripted-store.ts'
import { allTypes, appendedTo, high, keys, low, middle, streams, wanting } from '../../support/three-keys.ts'

type World = ReturnType<typeof scriptedLedger>

const full = failure('StoreFull', 'full')

describe('reserveAll', () => {
  it('takes its keys by ascending record id, and answers in the order of the requests', async () => {
    const world = scriptedLedger()
    const answer = await world.ledger.reserveAll([high, low, middle].map((key) => wanting(key)))
    expect(appendedTo(world)).toEqual(streams)
    expect(answer).toMatchObject({
      _tag: 'AllReserved',
      reservations: [high, low, middle].map((key) => ({ _tag: 'Reserved', claim: { recordId: idOf(key), epoch: 1 } }))
    })
  })
  it('is granted again to the same claim ids', async () => {
    const { ledger } = scriptedLedger()
    const requests = keys.map((key) => wanting(key, { claimId: `claim-${key}` }))
    const first = await ledger.reserveAll(requests)
    expect(await ledger.reserveAll(requests)).toEqual(first)
  })
  it.each<[string, Partial<ReserveAllRequest>, string]>([
    ['Duplicate', {}, 'in flight'],
    ['Conflict', { requestFingerprint: 'other' }, 'another request']
  ])('is blocked by %s: names the key, and gives back what it took, the latest first', async (tag, over) => {
    const world = scriptedLedger()
    const { ledger, rival, store, clock } = world
    await rival.reserve(asking({ key: high, owner: 'rival' }))
    clock.now = 1500
    const requests = [wanting(high, over), wanting(middle), wanting(low)]
    expect(
      await ledger.reserveAll(requests.map((request) => ({ ...request, actor: 'me', nowMs: 1200 })))
    ).toMatchObject({
      _tag: 'Blocked',
      index: 0,
      recordId: idOf(high),
      answer: { _tag: tag, record: { owner: 'rival' } },
      unreleased: []
    })
    expect(appendedTo(world).slice(-2)).toEqual([streamOf(middle), streamOf(low)])
    expect(await allTypes(world)).toMatchObject([
      ['Reserved', 'Expired'],
      ['Reserved', 'Expired'],
      ['Reserved', tag === 'Conflict' ? 'ConflictRecorded' : 'DuplicateSeen']
    ])
    // given back by the same caller, at the same time
    const [, end] = await stored(store, low)
    expect(JSON.parse(end?.data ?? '')).toMatchObject({ reason: 'released', atMs: 1200 })
    expect(JSON.parse(end?.metadata ?? '')).toMatchObject({ actor: 'me' })
    expect(await ledger.reserve(asking({ key: low }))).toMatchObject({ _tag: 'Reserved', takeover: false })
  })
  it('is blocked by a completed key, with its outcome; and by one that is gone', async () => {
    const { ledger, clock } = scriptedLedger({ policy: { reuseAfterExpiry: 'reject' } })
    const claim = claimOf(await ledger.reserve(asking({ key: low, expiresAtMs: 2000 })))
    await ledger.complete({ claim, outcome: done })
    expect(await ledger.reserveAll([wanting(high), wanting(low)])).toMatchObject({
      _tag: 'Blocked',
      index: 1,
      answer: { _tag: 'Duplicate', record: { outcome: done } }
    })
    clock.now = 3000
    expect(await ledger.reserveAll([wanting(high), wanting(low)])).toMatchObject({ answer: { _tag: 'Gone' } })
  })
  it('names what it could not give back', async () => {
    const world = scriptedLedger()
    await world.rival.reserve(asking({ key: high, owner: 'rival' }))
    world.store.onAppend(works, works, works, works, notWritten(full), works)
    expect(await world.ledger.reserveAll(keys.map((key) => wanting(key)))).toMatchObject({
      _tag: 'Blocked',
      recordId: idOf(high),
      unreleased: [idOf(middle)]
    })
    expect(await allTypes(world)).toEqual([['Reserved', 'Expired'], ['Reserved'], ['Reserved', 'DuplicateSeen']])
  })
  it.each([
    ['is blocked', async (world: World) => world.rival.reserve(asking({ key: high, owner: 'rival' }))],
    ['fails', async (world: World) => world.store.onAppend(works, works, notWritten(full))]
  ])('keeps what it took over, and names it: %s', async (_, obstacle) => {
    const world = scriptedLedger()
    await world.rival.reserve(asking({ key: low, owner: 'the dead', lease: 10 }))
    world.clock.now += 10
    await obstacle(world)
    const blocked = await world.ledger.reserveAll(keys.map((key) => wanting(key))).catch(({ failure }) => failure)
    expect(blocked).toMatchObject({ unreleased: [idOf(low)] })
    const [taken] = await allTypes(world)
    expect(taken).toEqual(['Reserved', 'Expired', 'Reserved'])
  })
  it('fails with an error in the middle, names its key, and gives back what it took', async () => {
    const world = scriptedLedger()
    world.store.onAppend(works, notWritten(full))
    expect(await failureOf(world.ledger.reserveAll(keys.map((key) => wanting(key))))).toEqual({
      ...full,
      recordId: idOf(middle),
      unreleased: []
    })
    expect(await allTypes(world)).toEqual([['Reserved', 'Expired'], [], []])
  })
  it('names a key in doubt, which it may hold, with its claim and among those not given back', async () => {
    const world = scriptedLedger({ deadlineMs: 100 })
    world.store.onEveryAppend((real) =>
      world.store.appends.at(-1)?.stream === streamOf(middle) ? lostBefore(real) : real()
    )
    expect(await failureOf(world.ledger.reserveAll(keys.map((key) => wanting(key, { claimId: key }))))).toMatchObject({
      _tag: 'AppendUnknown',
      recordId: idOf(middle),
      claim: { recordId: idOf(middle), claimId: middle },
      unreleased: [idOf(middle)]
    })
    expect(await allTypes(world)).toEqual([['Reserved', 'Expired'], [], []])
  })
  it.each<[string, unknown, string]>([
    ['no list', null, '$'],
    ['no list', { length: 1 }, '$'],
    ['an empty list', [], '$'],
    ['what is no request', [wanting(low), null], '$[1]'],
    ['what is no request', [wanting(low), 'k'], '$[1]'],
    ['a hole', Array(1), '$[0]'],
    ['a key twice', [wanting(low), wanting(high), wanting(low)], '$[2].key'],
    ['a key twice, written otherwise', [wanting(low), wanting(` ${low}\u0085`)], '$[1].key'],
    ['no lease', [wanting(high), { ...wanting(low), lease: 'none' }], '$[1].lease'],
    ['no lease', [wanting(high), { ...wanting(low), lease: undefined }], '$[1].lease'],
    ['a lease of nothing', [wanting(high), wanting(low, { lease: 0 })], '$[1].lease'],
    ['a blank owner', [wanting(high), wanting(low, { owner: ' ' })], '$[1].owner'],
    ['a bad tenant', [wanting(high), wanting(low, { tenant: { orgId: '', workspaceId: 'w' } })], '$[1].tenant.orgId']
  ])('refuses %s before anything is written', async (_, requests, path) => {
    const { ledger, store } = scriptedLedger()
    expect(await failureOf(ledger.reserveAll(requests as ReadonlyArray<ReserveAllRequest>))).toMatchObject({
      _tag: 'InvalidInput',
      path
    })
    expect(store.appends).toEqual([])
  })
  it('never makes two callers wait for each other: one gets all, the other is blocked and holds nothing', async () => {
    for (let seed = 0; seed < 20; seed++) {
      const world = scriptedLedger()
      // by turns, in many different ways
      const random = [...Array(40).keys()].map((index) => (index * 7 + seed * 13) % 5)
      world.store.onEveryAppend(async (real) => {
        for (let turns = random.pop() ?? 0; turns > 0; turns--) await Promise.resolve()
        return real()
      })
      const answers = await Promise.all([
        world.ledger.reserveAll(keys.map((key) => wanting(key, { owner: 'one' }))),
        world.rival.reserveAll(keys.toReversed().map((key) => wanting(key, { owner: 'two' })))
      ])
      expect(answers.map(({ _tag }) => _tag).sort()).toEqual(['AllReserved', 'Blocked'])
      const [winner] = answers.flatMap((answer) => (answer._tag === 'AllReserved' ? [answer] : []))
      const owners = (await world.ledger.list()).map(({ owner }) => owner)
      expect(new Set(owners)).toEqual(new Set(winner?.reservations.map(({ record }) => record.owner)))
    }
  })
})
