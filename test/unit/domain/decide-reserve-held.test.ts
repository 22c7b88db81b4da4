import { describe, it } from 'vitest'
import { given } from '../../../src/testing/given-when-then.ts'
import * as ex from '../../arbitraries/examples.ts'

const claim = { recordId: ex.recordId, epoch: 2, claimId: 'claim-2' }
const seenAgain = { lastSeenAtMs: 1200, duplicateCount: 1 }

describe('reserve, held, no outcome, lease over', () => {
  const retaken = [ex.expired('lease'), ex.reservedAgain('lease')]

  it.each([
    ['at its end', 1200],
    ['a millisecond later', 1199]
  ])('takes the key over %s', (_, leaseExpiresAtMs) => {
    given([ex.reserved({ leaseExpiresAtMs })])
      .when(ex.reserve())
      .thenAnswer({
        _tag: 'Reserved',
        claim,
        takeover: true,
        previous: ex.record({ leaseExpiresAtMs }),
        record: ex.recordAgain()
      })
      .thenEvents(retaken)
      .thenRecord(ex.recordAgain())
  })
  it('is a duplicate a millisecond before', () => {
    const record = ex.record({ ...seenAgain, leaseExpiresAtMs: 1201 })
    given([ex.reserved({ leaseExpiresAtMs: 1201 })])
      .when(ex.reserve())
      .thenAnswer({ _tag: 'Duplicate', record })
      .thenEvents([ex.duplicateSeen()])
      .thenRecord(record)
  })
  it('gives the holder the clock skew', () => {
    const events = [ex.reserved({ leaseExpiresAtMs: 1150 })]
    given(events)
      .when(ex.reserve({ policy: { ...ex.policy, clockSkewMs: 51 } }))
      .thenEvents([ex.duplicateSeen()])
    given(events)
      .when(ex.reserve({ policy: { ...ex.policy, clockSkewMs: 50 } }))
      .thenEvents(retaken)
  })
  it('takes over a conflicted record as well', () => {
    const previous = ex.record({
      leaseExpiresAtMs: 1200,
      status: 'conflicted',
      conflictCount: 1,
      conflictFingerprints: ['fp-2'],
      lastSeenAtMs: 1100
    })
    given([ex.reserved({ leaseExpiresAtMs: 1200 }), ex.conflictRecorded({ atMs: 1100 })])
      .when(ex.reserve())
      .thenAnswer({ _tag: 'Reserved', claim, takeover: true, previous, record: ex.recordAgain() })
      .thenEvents(retaken)
  })
  it('takes over an imported record that was given a lease', () => {
    given([ex.imported({ leaseExpiresAtMs: 1200 }, { atMs: 1100 })])
      .when(ex.reserve())
      .thenAnswer({
        _tag: 'Reserved',
        claim,
        takeover: true,
        previous: ex.record({ leaseExpiresAtMs: 1200 }),
        record: ex.recordAgain()
      })
      .thenEvents([ex.expired('lease'), ex.reservedAgain('lease', { after: { epoch: 1, reason: 'lease' } })])
  })
  it('never takes over for another fingerprint', () => {
    const record = ex.record({
      leaseExpiresAtMs: 1100,
      status: 'conflicted',
      conflictCount: 1,
      conflictFingerprints: ['fp-2'],
      lastSeenAtMs: 1200
    })
    given([ex.reserved({ leaseExpiresAtMs: 1100 })])
      .when(ex.reserve({ requestFingerprint: 'fp-2' }))
      .thenAnswer({ _tag: 'Conflict', record })
      .thenEvents([ex.conflictRecorded()])
      .thenRecord(record)
  })
  it('never takes over what has an outcome', () => {
    const record = ex.record({
      ...seenAgain,
      leaseExpiresAtMs: 1150,
      status: 'completed',
      outcome: ex.outcome({ completedAtMs: 1100 })
    })
    given([
      ex.reserved({ leaseExpiresAtMs: 1150 }),
      ex.completed({ atMs: 1100, outcome: ex.outcome({ completedAtMs: 1100 }) })
    ])
      .when(ex.reserve())
      .thenAnswer({ _tag: 'Duplicate', record })
      .thenEvents([ex.duplicateSeen()])
  })
  it('is a duplicate, or a conflict, under takeover: refuse', () => {
    const policy = { ...ex.policy, takeover: 'refuse' } as const
    const events = [ex.reserved({ leaseExpiresAtMs: 1100 })]
    given(events)
      .when(ex.reserve({ policy }))
      .thenAnswer({ _tag: 'Duplicate', record: ex.record({ ...seenAgain, leaseExpiresAtMs: 1100 }) })
      .thenEvents([ex.duplicateSeen()])
    given(events)
      .when(ex.reserve({ policy, requestFingerprint: 'fp-2' }))
      .thenEvents([ex.conflictRecorded()])
  })
  it('writes nothing where the new lease ends beyond the safe integers', () => {
    given([ex.reserved({ leaseExpiresAtMs: 1100 })])
      .when(ex.reserve({ lease: Number.MAX_SAFE_INTEGER }))
      .thenRefused('InvalidInput', '$.lease')
  })
})

describe('reserve, held, same fingerprint', () => {
  it('is a duplicate in flight while there is no outcome', () => {
    given([ex.reservedForEver()])
      .when(ex.reserve({ owner: 'owner-2' }))
      .thenAnswer({ _tag: 'Duplicate', record: ex.recordForEver(seenAgain) })
      .thenEvents([ex.duplicateSeen({ owners: ['owner-2'] })])
      .thenRecord(ex.recordForEver(seenAgain))
  })
  it('is a replay once there is one', () => {
    const record = ex.record({ ...seenAgain, status: 'completed', outcome: ex.outcome() })
    given([ex.reserved(), ex.completed()])
      .when(ex.reserve())
      .thenAnswer({ _tag: 'Duplicate', record })
      .thenEvents([ex.duplicateSeen()])
      .thenRecord(record)
  })
  it('takes nothing but the time and the count: lease, retention and owner stand', () => {
    const expiresAtMs = 5000
    given([ex.reserved({ expiresAtMs })])
      .when(ex.reserve({ lease: 'none', expiresAtMs: 9000, owner: 'owner-2', firstSeenEventId: 'event-9' }))
      .thenAnswer({ _tag: 'Duplicate', record: ex.record({ ...seenAgain, expiresAtMs }) })
      .thenRecord(ex.record({ ...seenAgain, expiresAtMs }))
  })
  it('keeps the replay of a conflicted record', () => {
    const record = ex.record({
      ...seenAgain,
      status: 'conflicted',
      outcome: ex.outcome(),
      conflictCount: 1,
      conflictFingerprints: ['fp-2']
    })
    given([ex.reserved(), ex.completed(), ex.conflictRecorded()])
      .when(ex.reserve())
      .thenAnswer({ _tag: 'Duplicate', record })
  })
  it('is a duplicate of an imported record', () => {
    given([ex.imported({ status: 'completed', outcome: ex.outcome() })])
      .when(ex.reserve())
      .thenAnswer({
        _tag: 'Duplicate',
        record: ex.recordForEver({ ...seenAgain, status: 'completed', outcome: ex.outcome() })
      })
      .thenEvents([ex.duplicateSeen()])
  })
  it('follows a clock that runs backwards', () => {
    given([ex.reserved()])
      .when(ex.reserve({ atMs: 1 }))
      .thenAnswer({ _tag: 'Duplicate', record: ex.record({ lastSeenAtMs: 1, duplicateCount: 1 }) })
      .thenEvents([ex.duplicateSeen({ atMs: 1 })])
  })
})

describe('reserve, held, other fingerprint', () => {
  const conflicted = {
    status: 'conflicted',
    conflictCount: 1,
    conflictFingerprints: ['fp-2'],
    lastSeenAtMs: 1200
  } as const

  it('is a conflict', () => {
    given([ex.reserved()])
      .when(ex.reserve({ requestFingerprint: 'fp-2', owner: 'owner-2' }))
      .thenAnswer({ _tag: 'Conflict', record: ex.record(conflicted) })
      .thenEvents([ex.conflictRecorded({ owners: ['owner-2'] })])
      .thenRecord(ex.record(conflicted))
  })
  it('never costs the rightful caller the outcome', () => {
    const record = ex.record({ ...conflicted, outcome: ex.outcome() })
    given([ex.reserved(), ex.completed()])
      .when(ex.reserve({ requestFingerprint: 'fp-2' }))
      .thenAnswer({ _tag: 'Conflict', record })
      .thenEvents([ex.conflictRecorded()])
      .thenRecord(record)
  })
  it('counts every one and lists each fingerprint once', () => {
    given([ex.reserved(), ex.conflictRecorded(), ex.conflictRecorded({ requestFingerprint: 'fp-3', count: 4 })])
      .when(ex.reserve({ requestFingerprint: 'fp-2' }))
      .thenAnswer({
        _tag: 'Conflict',
        record: ex.record({ ...conflicted, conflictCount: 6, conflictFingerprints: ['fp-2', 'fp-3'] })
      })
  })
})
