import { describe, expect, it } from 'vitest'
import type { IdentifiedEvent, LedgerEvent } from '../../../src/domain/events/ledger-event.ts'
import { apply, evolve, fold } from '../../../src/domain/evolve.ts'
import type { Plain } from '../../../src/domain/plain.ts'
import { epochOf, initialState, recordOf, type State } from '../../../src/domain/state.ts'
import * as ex from '../../arbitraries/examples.ts'
import { deepFreeze } from '../../arbitraries/freeze.ts'

const stream = (...events: ReadonlyArray<Plain<LedgerEvent>>): ReadonlyArray<IdentifiedEvent> =>
  deepFreeze(events.map((event, index) => ({ ...event, id: `id-${index}` }) as IdentifiedEvent))

const folded = (...events: ReadonlyArray<Plain<LedgerEvent>>): State => deepFreeze(fold(stream(...events)))

const record = (...events: ReadonlyArray<Plain<LedgerEvent>>) => recordOf(folded(...events))

const many = <A>(count: number, make: (index: number) => A): ReadonlyArray<A> =>
  Array.from({ length: count }, (_, i) => make(i))

describe('Reserved and Imported', () => {
  it('start a record', () => {
    expect(record(ex.reserved())).toEqual(ex.record())
    expect(record(ex.imported())).toEqual(ex.recordForEver())
  })
  it('leave nothing of the last epoch in the new record', () => {
    const last = [
      ex.reserved({ firstSeenEventId: 'event-1', expiresAtMs: 9000, retentionMs: 5 }),
      ex.duplicateSeen(),
      ex.conflictRecorded(),
      ex.completed(),
      ex.expired('operator')
    ]
    expect(record(...last, ex.reservedAgain('operator'))).toEqual(ex.recordAgain())
    expect(record(...last, ex.imported({}, { epoch: 2 }))).toEqual(ex.recordForEver({ epoch: 2 }))
    const state = folded(...last, ex.reservedAgain('operator'))
    expect(state).toMatchObject({ fenced: false, claimHash: ex.hashOf('claim-2'), after: ex.holder })
    expect(state).toHaveProperty('retentionMs', undefined)
  })
  it('keep the claim id out of the record', () => {
    expect(JSON.stringify(record(ex.reserved()))).not.toContain('claim-1')
    expect(folded(ex.reserved())).toHaveProperty('claimHash', ex.hashOf('claim-1'))
  })
  it('take the epoch of their event, whatever the imported record says', () => {
    const event = ex.imported()
    expect(record({ ...event, data: { ...event.data, record: ex.recordForEver({ epoch: 77 }) } })).toMatchObject({
      epoch: 1
    })
  })
  it('bring an imported record in whole, and without a claim', () => {
    const over = {
      status: 'conflicted',
      outcome: ex.outcome(),
      duplicateCount: 3,
      conflictFingerprints: ['a', 'a']
    } as const
    expect(record(ex.imported(over))).toEqual(ex.recordForEver(over))
    expect(folded(ex.imported(over))).toMatchObject({ claimHash: undefined, fenced: false })
  })
  it('change nothing in an epoch that is not later', () => {
    for (const late of [
      ex.reserved({ owner: 'x' }),
      ex.imported({ owner: 'x' }),
      ex.reserved({ owner: 'x', epoch: 0 })
    ]) {
      expect(record(ex.reserved(), late)).toEqual(ex.record())
      expect(folded(ex.reserved(), ex.expired('released'), late)).toMatchObject({ _tag: 'Vacant', epoch: 1 })
    }
  })
})

describe('DuplicateSeen', () => {
  it('sets the last time and raises the count by its own; nothing else', () => {
    expect(record(ex.reserved(), ex.duplicateSeen({ atMs: 1300, count: 5 }), ex.duplicateSeen({ atMs: 1400 }))).toEqual(
      ex.record({ lastSeenAtMs: 1400, duplicateCount: 6 })
    )
  })
  it('sets the last time even backwards', () => {
    expect(record(ex.reserved(), ex.duplicateSeen({ atMs: 3 }))).toMatchObject({ firstSeenAtMs: 1000, lastSeenAtMs: 3 })
  })
  it('leaves status and outcome', () => {
    expect(record(ex.reserved(), ex.completed(), ex.conflictRecorded(), ex.duplicateSeen())).toMatchObject({
      status: 'conflicted',
      outcome: ex.outcome()
    })
  })
})

describe('ConflictRecorded', () => {
  it('sets status, last time, count and fingerprint', () => {
    expect(record(ex.reserved(), ex.conflictRecorded({ atMs: 3, count: 4 }))).toEqual(
      ex.record({ status: 'conflicted', lastSeenAtMs: 3, conflictCount: 4, conflictFingerprints: ['fp-2'] })
    )
  })
  it('leaves the outcome', () => {
    expect(record(ex.reserved(), ex.completed(), ex.conflictRecorded())).toMatchObject({
      status: 'conflicted',
      outcome: ex.outcome()
    })
  })
  it('lists a fingerprint once, in order of first sight', () => {
    const events = ['fp-b', 'fp-a', 'fp-b', 'fp-c', 'fp-a'].map((requestFingerprint) =>
      ex.conflictRecorded({ requestFingerprint })
    )
    expect(record(ex.reserved(), ...events)).toMatchObject({
      conflictCount: 5,
      conflictFingerprints: ['fp-b', 'fp-a', 'fp-c']
    })
  })
  it('lists the first hundred, and counts on', () => {
    const events = many(103, (index) => ex.conflictRecorded({ requestFingerprint: `fp-${index + 2}` }))
    expect(record(ex.reserved(), ...events)).toMatchObject({
      conflictCount: 103,
      conflictFingerprints: many(100, (index) => `fp-${index + 2}`)
    })
    expect(record(ex.reserved(), ...events.slice(0, 100))?.conflictFingerprints).toHaveLength(100)
  })
})

describe('Completed', () => {
  it('sets status, last time and outcome; conflicts stay counted', () => {
    expect(record(ex.reserved(), ex.conflictRecorded(), ex.duplicateSeen(), ex.completed({ atMs: 3 }))).toEqual(
      ex.record({
        status: 'completed',
        lastSeenAtMs: 3,
        outcome: ex.outcome(),
        conflictCount: 1,
        conflictFingerprints: ['fp-2'],
        duplicateCount: 1
      })
    )
  })
  it('replaces an outcome whole', () => {
    const first = ex.outcome({ primaryRefKind: 'order', primaryRefId: '7', details: { a: 1 } })
    const second = ex.outcome({ details: { b: 2 } })
    expect(
      record(ex.reserved(), ex.completedUnfenced({ outcome: first }), ex.completedUnfenced({ outcome: second }))
        ?.outcome
    ).toEqual(second)
  })
  it('may restate the retention, either way, and leaves it otherwise', () => {
    const reserved = ex.reserved({ expiresAtMs: 5000 })
    expect(record(reserved, ex.completed())).toMatchObject({ expiresAtMs: 5000 })
    expect(record(reserved, ex.completed({ expiresAtMs: 9000 }))).toMatchObject({ expiresAtMs: 9000 })
    expect(record(reserved, ex.completed({ expiresAtMs: 0 }))).toMatchObject({ expiresAtMs: 0 })
    expect(record(ex.reserved(), ex.completed({ expiresAtMs: 9000 }))).toMatchObject({ expiresAtMs: 9000 })
  })
  it('tells whether it was written under a claim', () => {
    expect(folded(ex.reserved(), ex.completed())).toMatchObject({ fenced: true })
    expect(folded(ex.reserved(), ex.completedUnfenced())).toMatchObject({ fenced: false })
    expect(folded(ex.reserved(), ex.completed(), ex.duplicateSeen())).toMatchObject({ fenced: true })
  })
})

describe('LeaseRenewed', () => {
  it('moves the end forward and touches nothing else', () => {
    expect(record(ex.reserved(), ex.leaseRenewed({ atMs: 1499 }))).toEqual(ex.record({ leaseExpiresAtMs: 1700 }))
  })
  it('never moves it back', () => {
    expect(record(ex.reserved(), ex.leaseRenewed({ leaseExpiresAtMs: 1400 }))).toEqual(ex.record())
  })
})

describe('RecoveryPointReached', () => {
  it('adds its point, or its last data in the old place; nothing else', () => {
    expect(
      record(
        ex.reserved(),
        ex.pointReached({ atMs: 9000, data: 1 }),
        ex.pointReached({ name: 'told' }),
        ex.pointReached({ data: 2 })
      )
    ).toEqual(ex.record({ recoveryPoints: [{ name: 'charged', data: 2 }, { name: 'told' }] }))
  })
  it('keeps the first hundred of whatever a stream holds', () => {
    const points = record(ex.reserved(), ...many(120, (at) => ex.pointReached({ name: `step-${at}` })))?.recoveryPoints
    expect(points?.map(({ name }) => name)).toEqual(many(100, (at) => `step-${at}`))
  })
  it('is kept through everything but the end of the reservation', () => {
    const points = [{ name: 'charged' }]
    const after = [ex.duplicateSeen(), ex.conflictRecorded(), ex.leaseRenewed(), ex.markedInDoubt(), ex.completed()]
    expect(record(ex.reserved(), ex.pointReached(), ...after)?.recoveryPoints).toEqual(points)
    expect(record(ex.reserved(), ex.pointReached(), ex.expired('lease'), ex.reservedAgain('lease'))).toEqual(
      ex.recordAgain()
    )
    expect(record(ex.reserved(), ex.expired('lease'), ex.reservedAgain('lease', { recoveryPoints: points }))).toEqual(
      ex.recordAgain({ recoveryPoints: points })
    )
  })
})

describe('MarkedInDoubt', () => {
  it('says since when and why; nothing else', () => {
    expect(record(ex.reserved(), ex.markedInDoubt({ note: 'n' }))).toEqual(
      ex.record({ inDoubt: { sinceMs: 1200, note: 'n' } })
    )
  })
  it('lasts until the outcome or the end, and not into the next reservation', () => {
    const marked = [ex.reserved(), ex.markedInDoubt()]
    const inDoubt = { sinceMs: 1200 }
    const after = [ex.duplicateSeen(), ex.conflictRecorded(), ex.leaseRenewed(), ex.pointReached()]
    expect(record(...marked, ...after)).toMatchObject({ inDoubt })
    expect(record(...marked, ...after, ex.completed())?.inDoubt).toBeUndefined()
    expect(folded(...marked, ex.expired('operator'))).toMatchObject({ ended: { record: { inDoubt } } })
    expect(record(...marked, ex.expired('operator'), ex.reservedAgain('operator'))).toEqual(ex.recordAgain())
  })
})

describe('CompletionRejected', () => {
  it('changes nothing', () => {
    expect(record(ex.reserved(), ex.completed(), ex.completionRejected(ex.holder))).toEqual(
      ex.record({ status: 'completed', outcome: ex.outcome(), lastSeenAtMs: 1200 })
    )
    expect(folded(ex.reserved(), ex.expired('released'), ex.completionRejected())).toMatchObject({ _tag: 'Vacant' })
  })
})

describe('Expired', () => {
  it.each(['retention', 'lease', 'released', 'operator'] as const)(
    'ends the record by %s; epoch and claim live on',
    (reason) => {
      expect(folded(ex.reserved(), ex.expired(reason))).toEqual({
        _tag: 'Vacant',
        epoch: 1,
        ended: { record: ex.record(), reason },
        claimHash: ex.hashOf('claim-1'),
        earlier: '',
        rejections: [],
        lastEventId: 'id-1'
      })
    }
  )
  it('ends it once', () => {
    expect(folded(ex.reserved(), ex.expired('released'), ex.expired('operator'))).toMatchObject({
      ended: { reason: 'released' }
    })
  })
})

describe('events that do not apply', () => {
  const otherEpoch = [
    ex.completed({ epoch: 2 }),
    ex.completed({ epoch: 0 }),
    ex.leaseRenewed({ epoch: 2 }),
    ex.pointReached({ epoch: 2 }),
    ex.markedInDoubt({ epoch: 2 }),
    ex.expired('operator', { epoch: 2 })
  ]
  it.each(otherEpoch)('of another epoch change nothing: $type', (event) => {
    expect(record(ex.reserved(), event)).toEqual(ex.record())
  })
  it.each([
    ex.duplicateSeen(),
    ex.conflictRecorded(),
    ex.completed(),
    ex.leaseRenewed(),
    ex.pointReached(),
    ex.markedInDoubt(),
    ex.expired('retention')
  ])('on a vacant key change nothing but the last id: $type', (event) => {
    const vacant = folded(ex.reserved(), ex.expired('released'))
    expect(folded(ex.reserved(), ex.expired('released'), event)).toEqual({ ...vacant, lastEventId: 'id-2' })
    expect(folded(event)).toEqual({ ...initialState, lastEventId: 'id-0' })
  })
  it('with the id of the event before them change nothing, and yield the very same state', () => {
    const [first] = stream(ex.reserved())
    const state = fold(first === undefined ? [] : [first])
    for (const event of [ex.duplicateSeen(), ex.completed(), ex.expired('released'), ex.reservedAgain('lease')]) {
      expect(evolve(state, { ...event, id: 'id-0' } as IdentifiedEvent)).toBe(state)
    }
  })
  it('with an id from further back are counted: only a store can repeat the last', () => {
    const [reserved, seen, again] = stream(ex.reserved(), ex.duplicateSeen(), ex.duplicateSeen())
    const events = [reserved, seen, again, seen].filter((event) => event !== undefined)
    expect(recordOf(fold(events))?.duplicateCount).toBe(3)
  })
})

describe('apply', () => {
  it('is evolve for events that have no id yet', () => {
    const event = ex.duplicateSeen() as LedgerEvent
    const state = folded(ex.reserved())
    expect(recordOf(apply(state, event))).toEqual(recordOf(evolve(state, { ...event, id: 'new' })))
    expect(apply(state, event).lastEventId).toBe('id-0')
  })
})

describe('initialState', () => {
  it('is vacant, in epoch 0', () => {
    expect(initialState).toEqual({ _tag: 'Vacant', epoch: 0, earlier: '', rejections: [] })
    expect(epochOf(fold([]))).toBe(0)
    expect(recordOf(fold([]))).toBeUndefined()
  })
})
