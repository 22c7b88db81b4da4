import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
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
  ex.imported()
]

describe('decodeEvent', () => {
  it.each(examples)('hands back the very data of $type, unknown fields and all', ({ type, data }) => {
    const stored = { ...data, addedLater: { by: ['another build'] } }
    const decoded = decodeEvent(type, 1, stored)
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
        expect(decodeEvent(type, 1, wrong)).toMatchObject({
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
      expect(decodeEvent(type, 1, { ...data, atMs })).toMatchObject({ left: { _tag: 'CorruptStream', path: '$.atMs' } })
    }
  })
  it('refuses what lies deeper, by its path', () => {
    const { data } = ex.completed()
    expect(decodeEvent('Completed', 1, { ...data, outcome: { outcomeKind: 'x', completedAtMs: 1 } })).toMatchObject({
      left: { path: '$.outcome.details' }
    })
    const { data: imported } = ex.imported()
    const record = { ...imported.record, status: 'unheard of' }
    expect(decodeEvent('Imported', 1, { ...imported, record })).toMatchObject({ left: { path: '$.record.status' } })
    const tenant = { ...ex.tenant, source: 'guessed' }
    expect(decodeEvent('Reserved', 1, { ...ex.reserved().data, tenant })).toMatchObject({
      left: { path: '$.tenant.source' }
    })
  })
  it.each(['', 'reserved', 'OrderPlaced', '$metadata', 'toString', '__proto__', 'constructor'])(
    'refuses a type that is not keyfold’s: "%s"',
    (type) => {
      expect(decodeEvent(type, 1, ex.reserved().data)).toMatchObject({ left: { _tag: 'CorruptStream' } })
    }
  )
  it.each([null, 'text', 7, [], {}])('refuses data that is no object of the type: %j', (data) => {
    for (const { type } of examples) {
      expect(decodeEvent(type, 1, data)).toMatchObject({ left: { _tag: 'CorruptStream' } })
    }
  })
  it.each(examples)('refuses a newer version of $type by name, unread', ({ type, data }) => {
    const result = decodeEvent(type, 2, data)
    expect(result).toMatchObject({ left: { _tag: 'UnsupportedVersion' } })
    if (E.isLeft(result))
      expect(result.left.message).toBe(`${type} of schema version 2 is newer than supported version 1`)
  })
})

describe('upcasting', () => {
  /** As if DuplicateSeen had been written as `{ at }` in version 1, `{ atMs }` in version 2, with a count since 3. */
  const grown: Upcasters = {
    ...upcasters,
    DuplicateSeen: [
      (data) => ({ atMs: (data as { at: number }).at }),
      (data) => ({ ...(data as object), firstAtMs: (data as { atMs: number }).atMs, count: 1, owners: [] })
    ]
  }
  const current = { atMs: 5, firstAtMs: 5, count: 1, owners: [] }

  it('takes each version to the newest, then decodes it', () => {
    expect(currentVersion('DuplicateSeen', grown)).toBe(3)
    expect(decodeEvent('DuplicateSeen', 1, { at: 5 }, grown)).toEqual(E.right({ type: 'DuplicateSeen', data: current }))
    expect(decodeEvent('DuplicateSeen', 2, { atMs: 5 }, grown)).toEqual(
      E.right({ type: 'DuplicateSeen', data: current })
    )
    expect(decodeEvent('DuplicateSeen', 3, current, grown)).toEqual(E.right({ type: 'DuplicateSeen', data: current }))
    expect(decodeEvent('DuplicateSeen', 4, current, grown)).toMatchObject({ left: { _tag: 'UnsupportedVersion' } })
  })
  it('judges the result, not what was stored', () => {
    expect(decodeEvent('DuplicateSeen', 1, { at: 'late' }, grown)).toMatchObject({ left: { path: '$.atMs' } })
    expect(decodeEvent('DuplicateSeen', 3, { at: 5 }, grown)).toMatchObject({ left: { _tag: 'CorruptStream' } })
  })
  it('leaves the other types alone', () => {
    const { type, data } = ex.reserved()
    expect(decodeEvent(type, 1, data, grown)).toEqual(E.right({ type, data }))
  })
  it('has no upcaster yet: every type is in its first version', () => {
    for (const type of Object.keys(upcasters)) expect(currentVersion(type as EventType)).toBe(1)
  })
})
