import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import type { HistoryEntry } from '../../../src/application/use-cases/history.ts'
import { failure } from '../../../src/domain/failure.ts'
import { asking, claimOf, done, failureOf, keyOf, scriptedLedger, streamOf } from '../../support/scripted-ledger.ts'

type World = ReturnType<typeof scriptedLedger>

const filled = async (): Promise<World> => {
  const world = scriptedLedger()
  const { ledger } = world
  const claim = claimOf(await ledger.reserve(asking({ key: 'a' })))
  await ledger.reserve(asking({ key: 'a' }))
  await ledger.reserve({ ...asking({ key: 'b' }), operation: 'other' })
  await ledger.reserve({ ...asking({ key: 'c' }), tenant: { orgId: 'org 2', workspaceId: 'ws' } })
  await ledger.complete({ claim, outcome: done })
  await ledger.reserve({ ...asking({ key: 'b', requestFingerprint: 'fp 2' }), operation: 'other' })
  return world
}

const readAll = async ({ ledger }: World, filter: object = {}): Promise<ReadonlyArray<HistoryEntry>> => {
  const all: Array<HistoryEntry> = []
  const read = await ledger.events({ ...filter, onEvents: (entries) => all.push(...entries) })
  expect(read).toEqual({ events: all.length, ended: 'done' })
  return all
}

const typesOf = (entries: ReadonlyArray<HistoryEntry>) => entries.map(({ type }) => type)

describe('events', () => {
  it('hands every event over, in the order of the log, as history has it', async () => {
    const world = await filled()
    const all = await readAll(world)
    expect(typesOf(all)).toEqual(['Reserved', 'DuplicateSeen', 'Reserved', 'Reserved', 'Completed', 'ConflictRecorded'])
    const ofA = all.filter(({ stream }) => stream === streamOf('a'))
    expect(ofA).toEqual(await world.ledger.history(keyOf('a')))
  })
  it('narrows by whose they are, those too that do not say so', async () => {
    const world = await filled()
    expect(typesOf(await readAll(world, { operation: 'other' }))).toEqual(['Reserved', 'ConflictRecorded'])
    expect(typesOf(await readAll(world, { orgId: 'org 2' }))).toEqual(['Reserved'])
    expect(typesOf(await readAll(world, { operation: 'op', workspaceId: 'ws', orgId: 'org' }))).toEqual([
      'Reserved',
      'DuplicateSeen',
      'Completed'
    ])
    expect(await readAll(world, { workspaceId: 'another' })).toEqual([])
  })
  it('narrows by the store’s time of recording: from a time on, and before another', async () => {
    const world = await filled()
    const times = (await readAll(world)).map(({ recordedAtMs }) => recordedAtMs)
    const last = Math.max(...times)
    expect(await readAll(world, { fromMs: last + 1 })).toEqual([])
    expect(await readAll(world, { untilMs: Math.min(...times) })).toEqual([])
    expect(await readAll(world, { fromMs: Math.min(...times), untilMs: last + 1 })).toHaveLength(6)
  })
  it('waits for whoever takes them, and ends where they have enough', async () => {
    const { ledger } = await filled()
    let settled = false
    const taking = async () => {
      await new Promise((resolve) => setImmediate(resolve))
      settled = true
      return false
    }
    expect(await ledger.events({ onEvents: taking })).toEqual({ events: 6, ended: 'enough' })
    expect(settled).toBe(true)
  })
  it('gives an empty log as it is, and nobody is called for nothing', async () => {
    const onEvents = () => expect.unreachable('there are none')
    expect(await scriptedLedger().ledger.events({ onEvents })).toEqual({ events: 0, ended: 'done' })
  })
  it('gives up where the signal came', async () => {
    const { ledger } = await filled()
    const signal = AbortSignal.abort()
    expect(await failureOf(ledger.events({ onEvents: () => {}, signal }))).toMatchObject({ _tag: 'Aborted' })
  })
  it('ends where whoever takes them throws', async () => {
    const { ledger } = await filled()
    const cause = new Error('mine')
    const throwing = () => {
      throw cause
    }
    expect(await failureOf(ledger.events({ onEvents: throwing }))).toMatchObject({ _tag: 'Aborted', cause })
  })
  it.each([
    [{ onEvents: undefined }, '$.onEvents'],
    [{ onEvents: () => {}, fromMs: -1 }, '$.fromMs'],
    [{ onEvents: () => {}, untilMs: 'now' }, '$.untilMs'],
    [{ onEvents: () => {}, orgId: 7 }, '$.orgId'],
    [{ onEvents: () => {}, signal: 1 }, '$.signal'],
    [undefined, '$']
  ])('refuses a request that makes no sense: %o', async (request, path) => {
    expect(await failureOf(scriptedLedger().ledger.events(request as never))).toMatchObject({
      _tag: 'InvalidInput',
      path
    })
  })
})

describe('events that cannot be read', () => {
  const garbage = { id: '00000000-0000-4000-8000-000000000001', type: 'Completed', data: '{}', metadata: '{}' }
  const broken = async (): Promise<World> => {
    const world = await filled()
    const append = { stream: streamOf('a'), expected: { _tag: 'Exactly', revision: 2n }, events: [garbage] } as const
    await world.store.real.append(append)()
    await world.store.real.append({ ...append, expected: { _tag: 'Exactly', revision: 3n } })()
    return world
  }
  it('are told once a stream, by the first of them, and end nothing', async () => {
    const world = await broken()
    const told: Array<unknown> = []
    const all = await readAll(world, { onUnreadable: (stream: unknown) => told.push(stream) })
    expect(all).toHaveLength(6)
    expect(told).toMatchObject([{ stream: streamOf('a'), revision: 3n, failure: { _tag: 'CorruptStream' } }])
  })
  it.each([
    [2n, ['Reserved', 'DuplicateSeen']],
    [1n, ['Reserved']],
    [0n, []]
  ])('take nothing of what their stream holds before them on the same page: revision %i', async (revision, types) => {
    const world = await filled()
    const { store } = world
    const page = await store.real.readAll('start', '', 100)()
    if (page._tag === 'Left') return expect.unreachable(page.left.message)
    const stream = streamOf('a')
    const bad = page.right.events.find((event) => event.stream === stream && event.revision === revision)
    const { position = '' } = bad ?? {}
    const error = failure('CorruptStream', 'cannot be read')
    const events = page.right.events.filter((event) => event !== bad)
    store.onEveryRead(async () => E.left(error))
    for (const known of [{ revision }, {}]) {
      const right = { ...page.right, events, unreadable: [{ position, stream, ...known, error }] }
      Object.assign(store, { readAll: () => async () => ({ _tag: 'Right', right }) })
      const told: Array<unknown> = []
      const all = await readAll(world, { onUnreadable: (one: unknown) => told.push(one) })
      expect(typesOf(all.filter((entry) => entry.stream === stream))).toEqual(types)
      expect(told).toHaveLength(1)
      if ('revision' in known)
        expect(told).toMatchObject([{ stream, revision, failure: { message: 'cannot be read' } }])
    }
  })
  it('are a failure in the end where nobody listens', async () => {
    const { ledger } = await broken()
    let events = 0
    const reading = ledger.events({
      onEvents: (entries) => {
        events += entries.length
      }
    })
    expect(await failureOf(reading)).toMatchObject({ _tag: 'CorruptStream' })
    expect(events).toBe(6)
  })
  it('are those that do not follow on the one before them', async () => {
    const world = await filled()
    const { store, ledger } = world
    const page = await store.real.readAll('start', '', 100)()
    if (page._tag === 'Left') return expect.unreachable(page.left.message)
    const lacking = { ...page.right, events: page.right.events.filter(({ type }) => type !== 'DuplicateSeen') }
    const told: Array<unknown> = []
    Object.assign(store, { readAll: () => async () => ({ _tag: 'Right', right: lacking }) })
    await ledger.events({ onEvents: () => {}, onUnreadable: (one) => told.push(one) })
    expect(told).toMatchObject([
      { stream: streamOf('a'), revision: 2n, failure: { message: expect.stringContaining('does not follow') } }
    ])
  })
})
