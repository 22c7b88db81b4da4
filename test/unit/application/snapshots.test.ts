import { describe, expect, it } from 'vitest'
import type { Append, RecordedEvent } from '../../../src/application/ports/event-store.ts'
import { exactly } from '../../../src/domain/expected-revision.ts'
import { failure } from '../../../src/domain/failure.ts'
import { foldVersion } from '../../../src/domain/snapshot.ts'
import { hashOf } from '../../arbitraries/examples.ts'
import { chained, hashFaults } from '../../support/hash-chain.ts'
import { importable } from '../../support/importable.ts'
import {
  asking,
  claimOf,
  done,
  idOf,
  keyOf,
  type ScriptedLedger,
  scriptedLedger,
  stored,
  streamOf
} from '../../support/scripted-ledger.ts'
import { notWritten } from '../../support/scripted-store.ts'

type Snapshot = { readonly foldVersion: number; readonly state: unknown }

const snapshotIn = ({ metadata }: RecordedEvent): Snapshot | undefined => JSON.parse(metadata).snapshot

const snapshots = async (world: ScriptedLedger): Promise<ReadonlyArray<number>> =>
  (await stored(world.store)).flatMap((event) => (snapshotIn(event) ? [Number(event.revision)] : []))

/** So many events more, each its own append. */
const grow = async ({ ledger }: ScriptedLedger, events: number): Promise<void> => {
  for (let i = 0; i < events; i++) await ledger.reserve(asking())
}

/** A held key without an end to its lease. */
const held = async (limit: { readonly maxAppendBytes?: number } = {}): Promise<ScriptedLedger> => {
  const world = scriptedLedger(limit)
  await world.ledger.reserve(asking({ lease: 'none', claimId: 'mine' }))
  return world
}

const claim = { recordId: idOf(), epoch: 1, claimId: 'mine' }

/** Makes the store hold its writers to its limit, as a server would. */
const strict = (world: ScriptedLedger, limit: number): ScriptedLedger => {
  const sizeOf = ({ events }: Append): number =>
    events.reduce((sum, { data, metadata }) => sum + Buffer.byteLength(data) + Buffer.byteLength(metadata), 0)
  world.store.onEveryAppend((real) => {
    const append = world.store.appends.at(-1)
    return append && sizeOf(append) > limit ? notWritten(failure('LimitExceeded', 'too large'))(real) : real()
  })
  return world
}

/** Room for one outcome of the largest kind, but not for two. */
const megabyte = 1_000_000

describe('snapshots', () => {
  it('stand on revisions 63, 127, …, with the version of the fold and the state after the event', async () => {
    const world = await held()
    await grow(world, 199)
    expect(await snapshots(world)).toEqual([63, 127, 191])
    const events = await stored(world.store)
    expect(events[127] && snapshotIn(events[127])).toMatchObject({
      foldVersion: 2,
      state: { _tag: 'Held', claimHash: hashOf('mine'), record: { duplicateCount: 127 }, lastEventId: events[127]?.id }
    })
    expect(hashFaults(streamOf(), events)).toEqual([])
  })
  it('stand in the middle of a batch, with the state as of their event', async () => {
    const world = await held()
    await grow(world, 60)
    await Promise.all(
      [asking(), asking({ requestFingerprint: 'a' }), asking(), asking({ requestFingerprint: 'b' })].map(
        world.ledger.reserve
      )
    )
    const events = await stored(world.store)
    expect(events).toHaveLength(65)
    expect(events[63] && snapshotIn(events[63])).toMatchObject({
      state: { record: { duplicateCount: 62, conflictFingerprints: ['a'] } }
    })
  })
  it('stand on a vacant key too', async () => {
    const world = await held()
    await grow(world, 62)
    await world.ledger.release({ claim })
    const event = (await stored(world.store)).at(-1)
    expect(event && snapshotIn(event)).toMatchObject({
      state: { _tag: 'Vacant', epoch: 1, ended: { reason: 'released' } }
    })
    expect(await world.rival.reserve(asking())).toMatchObject({
      _tag: 'Reserved',
      claim: { epoch: 2 },
      takeover: false
    })
  })
})

describe('a snapshot that would make an append too large', () => {
  const outcomeOf = (character: string, bytes: number) => ({
    ...done,
    details: character.repeat(Math.floor(bytes / Buffer.byteLength(character)))
  })

  it('is left out, and tried by the next event', async () => {
    const world = strict(await held({ maxAppendBytes: megabyte }), megabyte)
    await grow(world, 62)
    // event 63 holds the outcome once; with a snapshot it would be there twice
    const outcome = outcomeOf('x', 511 * 1024)
    await world.ledger.complete({ claim, outcome })
    expect(await snapshots(world)).toEqual([])
    await grow(world, 1)
    expect(await snapshots(world)).toEqual([64])
    await grow(world, 70)
    expect(await snapshots(world)).toEqual([64, 127])
    expect(await world.rival.get(keyOf())).toMatchObject({ duplicateCount: 133, outcome: { outcomeKind: 'done' } })
  })
  it('is tried by the next event of another process too, which reads that it is missing', async () => {
    const world = strict(await held({ maxAppendBytes: megabyte }), megabyte)
    await grow(world, 62)
    await world.ledger.complete({ claim, outcome: outcomeOf('x', 511 * 1024) })
    await world.rival.reserve(asking())
    expect(await snapshots(world)).toEqual([64])
  })
  it.each([
    ['x', 450 * 1024],
    ['é', 450 * 1024],
    ['鍵', 450 * 1024],
    ['"', 250 * 1024]
  ])('is counted by its bytes, and not left out where it fits: %s', async (character, bytes) => {
    const world = strict(await held({ maxAppendBytes: megabyte }), megabyte)
    await world.ledger.complete({ claim, outcome: outcomeOf(character, bytes) })
    await grow(world, 62)
    expect(await snapshots(world)).toEqual([63])
  })
  it('is left out for what comes after it in the same append', async () => {
    const limit = 900 * 1024
    const world = strict(await held({ maxAppendBytes: limit }), limit)
    await world.ledger.completeByKey({ ...keyOf(), outcome: outcomeOf('x', 400 * 1024) })
    await grow(world, 61)
    const [, replaced] = await Promise.all([
      world.ledger.reserve(asking()),
      world.ledger.completeByKey({ ...keyOf(), outcome: { ...outcomeOf('y', 500 * 1024) } }),
      world.ledger.reserve(asking())
    ])
    expect(replaced).toMatchObject({ record: { outcome: { outcomeKind: 'done' } } })
    expect(hashFaults(streamOf(), await stored(world.store))).toEqual([])
    expect(await snapshots(world)).toEqual([])
    await grow(world, 1)
    expect(await snapshots(world)).toEqual([66])
  })
  it('never fails a command: the tightest store still takes every event', async () => {
    const world = strict(await held({ maxAppendBytes: 1200 }), 1200)
    for (let i = 0; i < 140; i++) await world.ledger.reserve(asking({ requestFingerprint: `other-${i}` }))
    expect(await world.ledger.get(keyOf())).toMatchObject({ conflictCount: 140 })
    expect(await snapshots(world)).toEqual([])
  })
})

/** How many events a get reads. */
const readsOf = async (world: ScriptedLedger): Promise<number> => {
  world.store.forget()
  await world.ledger.get(keyOf())
  return world.store.reads.reduce((sum, { found }) => sum + found, 0)
}

describe('the backward reader', () => {
  it('reads no more of a long stream than of a short one', async () => {
    const world = await held()
    await grow(world, 9)
    expect(await readsOf(world)).toBeLessThanOrEqual(10)
    let most = 0
    for (let length = 10; length < 10_000; length += 501) {
      await grow(world, 501)
      most = Math.max(most, await readsOf(world))
    }
    expect((await stored(world.store)).length).toBeGreaterThan(10_000)
    expect(most).toBeLessThanOrEqual(8 + 64)
    expect(await world.ledger.get(keyOf())).toMatchObject({ duplicateCount: 10_029 })
  })
  it('stops at the last Reserved, whatever came before it', async () => {
    const world = await held()
    await grow(world, 50)
    await world.ledger.release({ claim })
    await world.ledger.reserve(asking())
    expect(await readsOf(world)).toBe(8)
    expect(await world.ledger.get(keyOf())).toMatchObject({ epoch: 2, duplicateCount: 0 })
  })
  it('stops at an Imported', async () => {
    const world = await held()
    await grow(world, 50)
    await world.ledger.release({ claim })
    await world.ledger.importRecords([importable('k', { duplicateCount: 7 })], { source: 's' })
    expect(await readsOf(world)).toBe(8)
    expect(await world.ledger.get(keyOf())).toMatchObject({ epoch: 2, duplicateCount: 7 })
  })
  it('passes over a snapshot of another fold version, and the next event writes one of this', async () => {
    const world = await held()
    await grow(world, 62)
    const [last] = (await stored(world.store)).slice(-1)
    const state = { _tag: 'Held', shape: 'of the future' }
    const event = {
      type: 'DuplicateSeen',
      data: { atMs: 7, firstAtMs: 7, count: 5, owners: ['o'] },
      metadata: { snapshot: { foldVersion: foldVersion + 1, state } }
    }
    const events = chained(streamOf(), [event], last)
    await world.store.real.append({ stream: streamOf(), expected: exactly(62n), events })()
    expect(await world.rival.get(keyOf())).toMatchObject({ duplicateCount: 67 })
    await world.rival.reserve(asking())
    expect(await snapshots(world)).toEqual([63, 64])
    expect(await readsOf(world)).toBe(8)
  })
  it('goes on from a snapshot as from the whole stream: every claim and count is there', async () => {
    const world = await held()
    await grow(world, 100)
    expect(await world.rival.complete({ claim, outcome: done })).toMatchObject({
      _tag: 'Completed',
      record: { duplicateCount: 100, firstSeenAtMs: 1000 }
    })
    expect(claimOf(await world.rival.reserve(asking({ key: 'another' }))).epoch).toBe(1)
  })
})
