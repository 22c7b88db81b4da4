import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import { sha256 } from '../../../src/adapters/node/sha256.ts'
import { currentVersion, decodeEvent } from '../../../src/domain/events/codecs.ts'
import type { EventType } from '../../../src/domain/events/ledger-event.ts'
import { type Upcasters, upcasters } from '../../../src/domain/events/upcast.ts'
import * as ex from '../../arbitraries/examples.ts'

const examples = [
  ex.reserved(),
  ex.duplicateSeen(),
  ex.conflictRecorded(),
  ex.completed(),
  ex.expired('released'),
  ex.leaseRenewed(),
  ex.completionRejected(),
  ex.pointReached(),
  ex.markedInDoubt({ note: 'n' }),
  ex.imported()
]

/** Decodes data of the newest version of its type. */
const newest = (type: string, data: unknown) =>
  decodeEvent(sha256)(type, type in upcasters ? currentVersion(type as EventType) : 1, data)

describe('decodeEvent', () => {
  it.each(examples)('hands back the very data of $type, unknown fields and all', ({ type, data }) => {
    const stored = { ...data, addedLater: { by: ['another build'] } }
    const decoded = newest(type, stored)
    expect(decoded).toEqual(E.right({ type, data: stored }))
    expect(E.isRight(decoded) && decoded.right.data).toBe(stored)
  })
  it.each(examples)('names the first field of $type that is missing or wrong', ({ type, data }) => {
    for (const field of Object.keys(data)) {
      const { [field]: _, ...less } = data as Record<string, unknown>
      for (const wrong of [
        { ...less, [field]: Symbol('no JSON at all') },
        { ...less, [field]: [null] }
      ]) {
        expect(newest(type, wrong)).toMatchObject({
          _tag: 'Left',
          left: { _tag: 'CorruptStream', path: expect.stringContaining(`$.${field}`) }
        })
      }
    }
  })
  it.each([
    ['negative', -1],
    ['fractional', 1.5],
    ['unsafe', 2 ** 53],
    ['text', '1200'],
    ['absent', undefined]
  ])('refuses a time that is %s', (_, atMs) => {
    for (const { type, data } of examples) {
      expect(newest(type, { ...data, atMs })).toMatchObject({ left: { _tag: 'CorruptStream', path: '$.atMs' } })
    }
  })
  it.each([
    ['is no list', { 0: { name: 'a' } }],
    ['has a point without a name', [{ data: 1 }]],
    ['has a name twice', [{ name: 'a' }, { name: 'b' }, { name: 'a', data: 1 }]],
    ['has more than a hundred', Array.from({ length: 101 }, (_, at) => ({ name: `${at}` }))]
  ])('refuses points of which the list %s', (_, recoveryPoints) => {
    const { data } = ex.reserved()
    expect(newest('Reserved', { ...data, recoveryPoints })).toMatchObject({
      left: { _tag: 'CorruptStream', path: '$.recoveryPoints' }
    })
  })
  it('refuses what lies deeper, by its path', () => {
    const { data } = ex.completed()
    expect(newest('Completed', { ...data, outcome: { outcomeKind: 'x', completedAtMs: 1 } })).toMatchObject({
      left: { path: '$.outcome.details' }
    })
    const { data: imported } = ex.imported()
    const record = { ...imported.record, status: 'unheard of' }
    expect(newest('Imported', { ...imported, record })).toMatchObject({ left: { path: '$.record.status' } })
    const tenant = { ...ex.tenant, source: 'guessed' }
    expect(newest('Reserved', { ...ex.reserved().data, tenant })).toMatchObject({
      left: { path: '$.tenant.source' }
    })
  })
  it.each(['', 'reserved', 'OrderPlaced', '$metadata', 'toString', '__proto__', 'constructor'])(
    'refuses a type that is not keyfold’s: "%s"',
    (type) => {
      expect(newest(type, ex.reserved().data)).toMatchObject({ left: { _tag: 'CorruptStream' } })
    }
  )
  it.each([null, 'text', 7, [], {}])('refuses data that is no object of the type: %j', (data) => {
    for (const { type } of examples) {
      expect(newest(type, data)).toMatchObject({ left: { _tag: 'CorruptStream' } })
    }
  })
  it.each(examples)('refuses a newer version of $type by name, unread', ({ type, data }) => {
    const version = currentVersion(type) + 1
    const result = decodeEvent(sha256)(type, version, data)
    expect(result).toMatchObject({ left: { _tag: 'UnsupportedVersion' } })
    if (E.isLeft(result)) {
      expect(result.left.message).toBe(
        `${type} of schema version ${version} is newer than supported version ${version - 1}`
      )
    }
  })
})

describe('upcasting', () => {
  /** As if DuplicateSeen had been written as `{ at }` in version 1, `{ atMs }` in version 2, with a count since 3. */
  const grown: Upcasters = {
    ...upcasters,
    DuplicateSeen: [
      ({ at }) => ({ atMs: at }),
      (data) => ({ ...data, firstAtMs: (data as { atMs: number }).atMs, count: 1, owners: [] })
    ]
  }
  const current = { atMs: 5, firstAtMs: 5, count: 1, owners: [] }

  it('takes each version to the newest, then decodes it', () => {
    expect(currentVersion('DuplicateSeen', grown)).toBe(3)
    expect(decodeEvent(sha256, grown)('DuplicateSeen', 1, { at: 5 })).toEqual(
      E.right({ type: 'DuplicateSeen', data: current })
    )
    expect(decodeEvent(sha256, grown)('DuplicateSeen', 2, { atMs: 5 })).toEqual(
      E.right({ type: 'DuplicateSeen', data: current })
    )
    expect(decodeEvent(sha256, grown)('DuplicateSeen', 3, current)).toEqual(
      E.right({ type: 'DuplicateSeen', data: current })
    )
    expect(decodeEvent(sha256, grown)('DuplicateSeen', 4, current)).toMatchObject({
      left: { _tag: 'UnsupportedVersion' }
    })
  })
  it('judges the result, not what was stored', () => {
    expect(decodeEvent(sha256, grown)('DuplicateSeen', 1, { at: 'late' })).toMatchObject({ left: { path: '$.atMs' } })
    expect(decodeEvent(sha256, grown)('DuplicateSeen', 3, { at: 5 })).toMatchObject({ left: { _tag: 'CorruptStream' } })
  })
  it('leaves the other types alone', () => {
    const { type, data } = ex.reserved()
    expect(decodeEvent(sha256, grown)(type, 2, data)).toEqual(E.right({ type, data }))
  })
})
