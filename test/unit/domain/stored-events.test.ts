import { readdirSync, readFileSync } from 'node:fs'
import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import { sha256 } from '../../../src/adapters/node/sha256.ts'
import type { RecordedEvent } from '../../../src/application/ports/event-store.ts'
import { type DecodedEvent, decodeRecorded, genesisHash } from '../../../src/application/stream/event-text.ts'
import { currentVersion } from '../../../src/domain/events/codecs.ts'
import { upcasters } from '../../../src/domain/events/upcast.ts'
import { evolve, fold } from '../../../src/domain/evolve.ts'
import { stateOf } from '../../../src/domain/snapshot.ts'
import { initialState, recordOf } from '../../../src/domain/state.ts'
import { hashOf } from '../../arbitraries/examples.ts'

// Frozen: what keyfold has once written it must always read. Never edit a fixture; add one for a new version. The first
// stream was written when claims were stored as they are, the second since they are stored as hashes, the third since there
// are recovery points and doubt.
const folder = new URL('../../fixtures/stored-events/', import.meta.url)
const second = 'second-stream/'
const third = 'third-stream/'

type Fixture = Omit<RecordedEvent, 'revision'> & { readonly revision: string }

const stored = (name: string): RecordedEvent => {
  const fixture: Fixture = JSON.parse(readFileSync(new URL(name, folder), 'utf8'))
  return { ...fixture, revision: BigInt(fixture.revision), position: '0', recordedAtMs: 0 }
}

const decoded = (recorded: RecordedEvent): DecodedEvent => {
  const result = decodeRecorded(sha256)(recorded)
  if (E.isLeft(result)) throw new Error(result.left.message)
  return result.right
}

const namesIn = (path: string): ReadonlyArray<string> =>
  readdirSync(new URL(path, folder))
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => path + name)

const names = [...namesIn('./'), ...namesIn(second), ...namesIn(third)]

/** The fixtures of a folder but the one with a snapshot are one stream, from its first event on. */
const streamIn = (path: string): ReadonlyArray<DecodedEvent> =>
  namesIn(path)
    .filter((name) => !name.includes('with-snapshot'))
    .map(stored)
    .sort((a, b) => Number(a.revision - b.revision))
    .map(decoded)

const streams = [['the first', streamIn('./')] as const, ['the second', streamIn(second)] as const]
const withPoints = ['the third', streamIn(third)] as const

const claimIds = { first: '11111111-1111-4111-8111-111111111111', third: '33333333-3333-4333-8333-333333333333' }
const claimHash = hashOf(claimIds.first)

/** What data of version 1 says, with hashes where it has claim ids. */
const hashed = (data: unknown): unknown =>
  JSON.parse(JSON.stringify(data), (_, value) => {
    if (typeof value !== 'object' || value === null || !('claimId' in value)) return value
    const { claimId, ...rest } = value
    return { ...rest, claimHash: hashOf(claimId) }
  })

describe('events as they are stored', () => {
  it.each(names)('are decoded: %s', (name) => {
    const recorded = stored(name)
    const { event } = decoded(recorded)
    expect({ type: event.type, data: event.data }).toEqual({
      type: recorded.type,
      data: hashed(JSON.parse(recorded.data))
    })
    expect(event.id).toBe(recorded.id)
  })
  it.each(names)('have texts that are what JSON.stringify writes: %s', (name) => {
    const { data, metadata } = stored(name)
    expect(JSON.stringify(JSON.parse(data))).toBe(data)
    expect(JSON.stringify(JSON.parse(metadata))).toBe(metadata)
  })
  it('are here in every version of every type', () => {
    const wanted = Object.keys(upcasters).flatMap((type) =>
      Array.from({ length: currentVersion(type as keyof typeof upcasters) }, (_, index) => `${type} ${index + 1}`)
    )
    const found = [...streams, withPoints]
      .flatMap(([, stream]) => stream)
      .map(({ event, metadata }) => `${event.type} ${metadata.schemaVersion}`)
    expect(new Set(found)).toEqual(new Set(wanted))
  })
  it('tell no claim id but in version 1, and then not where they are read', () => {
    for (const name of names) {
      const { recorded, event, metadata } = decoded(stored(name))
      for (const claimId of Object.values(claimIds)) {
        expect(JSON.stringify(event)).not.toContain(claimId)
        if (name.startsWith(second) || name.startsWith(third))
          expect(recorded.data + recorded.metadata).not.toContain(claimId)
        else expect(stateOf(metadata.snapshot)).toBeUndefined()
      }
    }
  })
  it.each([...streams, withPoints])('are linked by their hashes, from the name of their stream on: %s', (_, stream) => {
    const [first] = stream
    expect(first?.metadata.previousHash).toBe(genesisHash(sha256, first?.recorded.stream ?? ''))
    const links = stream.map(({ metadata }) => metadata.hash)
    expect(stream.slice(1).map(({ metadata }) => metadata.previousHash)).toEqual(links.slice(0, -1))
  })
  it.each(['id', 'type', 'data', 'metadata'] as const)('do not bear a change of their %s', (field) => {
    const recorded = stored('completed.v1.json')
    const changed = { ...recorded, [field]: recorded[field].replace(/[0-9e]/, (c) => (c === '1' ? '2' : '1')) }
    const result = decodeRecorded(sha256)(changed)
    expect(result).toMatchObject({ _tag: 'Left', left: { _tag: 'CorruptStream' } })
    if (E.isLeft(result)) expect(result.left.message).toContain('at revision 4')
  })
  it.each(streams)('fold to what they always meant: %s', (_, stream) => {
    const events = stream.map(({ event }) => event)
    expect(recordOf(fold(events.slice(0, 6)))).toMatchObject({
      status: 'completed',
      owner: 'worker-1',
      firstSeenAtMs: 1700000000000,
      lastSeenAtMs: 1700000002000,
      expiresAtMs: 1700000902000,
      leaseExpiresAtMs: 1700000061000,
      duplicateCount: 3,
      conflictCount: 1,
      conflictFingerprints: ['sha256:bb'],
      outcome: {
        outcomeKind: 'processed',
        secondaryRefId: 'ü-7',
        details: { body: ['a', null, true, 0.5], nested: { Ω: 'ok' } }
      }
    })
    expect(fold(events.slice(0, 7))).toMatchObject({
      _tag: 'Vacant',
      epoch: 1,
      claimHash,
      ended: { reason: 'operator' }
    })
    expect(recordOf(fold(events.slice(0, 8)))).toMatchObject({ status: 'conflicted', conflictCount: 2, epoch: 2 })
    expect(fold(events)).toMatchObject({
      _tag: 'Held',
      claimHash: hashOf(claimIds.third),
      retentionMs: 86400000,
      after: { epoch: 2, reason: 'released' },
      record: { status: 'reserved', epoch: 3, conflictCount: 0, duplicateCount: 0 }
    })
  })
  it('fold to what they always meant: the third', () => {
    const events = withPoints[1].map(({ event }) => event)
    const points = [{ name: 'charged', data: { id: 'ch_1', amounts: [0.5, null, true], Ω: 'ü' } }, { name: 'sent' }]
    expect(recordOf(fold(events.slice(0, 3)))).toMatchObject({ owner: 'worker-1', epoch: 1, recoveryPoints: points })
    expect(recordOf(fold(events.slice(0, 5)))).toMatchObject({ owner: 'worker-2', epoch: 2, recoveryPoints: points })
    expect(recordOf(fold(events.slice(0, 6)))).toMatchObject({
      recoveryPoints: points,
      inDoubt: { sinceMs: 1700000063000, note: 'the bank timed out' }
    })
    expect(fold(events.slice(0, 7))).toMatchObject({ _tag: 'Vacant', epoch: 2, ended: { reason: 'operator' } })
    expect(recordOf(fold(events))).toMatchObject({
      epoch: 3,
      recoveryPoints: points,
      inDoubt: { sinceMs: 1700000065000, note: 'as it was elsewhere' }
    })
  })
  it('carry a snapshot with points and doubt', () => {
    const { metadata } = decoded(stored(`${third}with-snapshot.json`))
    expect(stateOf(metadata.snapshot)).toMatchObject({
      record: {
        recoveryPoints: [{ name: 'charged', data: { id: 'ch_1' } }],
        inDoubt: { sinceMs: 1700000065000, note: 'the bank timed out' }
      }
    })
  })
  it('carry a snapshot from which the fold goes on', () => {
    const { event, metadata } = decoded(stored(`${second}with-snapshot.json`))
    const state = stateOf(metadata.snapshot)
    expect(state).toMatchObject({
      _tag: 'Held',
      claimHash,
      fenced: true,
      record: { duplicateCount: 61, conflictCount: 1 }
    })
    const later = evolve(state ?? initialState, { ...event, id: 'later' })
    expect(recordOf(later)).toMatchObject({ duplicateCount: 62 })
  })
})
