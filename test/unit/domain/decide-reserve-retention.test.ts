import { describe, it } from 'vitest'
import { given } from '../../../src/testing/given-when-then.ts'
import * as ex from '../../arbitraries/examples.ts'

const claim = { recordId: ex.recordId, epoch: 2, claimId: 'claim-2' }
const untilNow = { expiresAtMs: 1200 }
const done = ex.recordForEver({
  ...untilNow,
  status: 'completed',
  outcome: ex.outcome({ completedAtMs: 1100 }),
  lastSeenAtMs: 1100
})
const doneEvents = [
  ex.reservedForEver(untilNow),
  ex.completed({ atMs: 1100, outcome: ex.outcome({ completedAtMs: 1100 }) })
]
const retaken = [ex.expired('retention'), ex.reservedAgain('retention')]

describe('reserve, held, retention over', () => {
  it.each([
    ['at its end', 1200],
    ['a millisecond later', 1199]
  ])('takes the key %s; an outcome makes it no takeover', (_, expiresAtMs) => {
    given([ex.reservedForEver({ expiresAtMs }), ...doneEvents.slice(1)])
      .when(ex.reserve())
      .thenAnswer({
        _tag: 'Reserved',
        claim,
        takeover: false,
        previous: { ...done, expiresAtMs },
        record: ex.recordAgain()
      })
      .thenEvents(retaken)
      .thenRecord(ex.recordAgain())
  })
  it('is a duplicate a millisecond before', () => {
    const record = { ...done, expiresAtMs: 1201, lastSeenAtMs: 1200, duplicateCount: 1 }
    given([ex.reservedForEver({ expiresAtMs: 1201 }), ...doneEvents.slice(1)])
      .when(ex.reserve())
      .thenAnswer({ _tag: 'Duplicate', record })
      .thenEvents([ex.duplicateSeen()])
      .thenRecord(record)
  })
  it('takes over where there is no outcome and no lease', () => {
    given([ex.reservedForEver(untilNow)])
      .when(ex.reserve())
      .thenAnswer({
        _tag: 'Reserved',
        claim,
        takeover: true,
        previous: ex.recordForEver(untilNow),
        record: ex.recordAgain()
      })
      .thenEvents(retaken)
  })
  it('takes over, by retention, where the lease is over as well', () => {
    given([ex.reserved({ ...untilNow, leaseExpiresAtMs: 1200 })])
      .when(ex.reserve())
      .thenAnswer({
        _tag: 'Reserved',
        claim,
        takeover: true,
        previous: ex.record({ ...untilNow, leaseExpiresAtMs: 1200 }),
        record: ex.recordAgain()
      })
      .thenEvents(retaken)
  })
  it('waits for a lease that still runs while there is no outcome', () => {
    const record = ex.record({ ...untilNow, leaseExpiresAtMs: 1201, lastSeenAtMs: 1200, duplicateCount: 1 })
    given([ex.reserved({ ...untilNow, leaseExpiresAtMs: 1201 })])
      .when(ex.reserve())
      .thenAnswer({ _tag: 'Duplicate', record })
      .thenEvents([ex.duplicateSeen()])
  })
  it('counts the clock skew to the running lease', () => {
    const events = [ex.reserved({ ...untilNow, leaseExpiresAtMs: 1190 })]
    given(events)
      .when(ex.reserve({ policy: { ...ex.policy, clockSkewMs: 11 } }))
      .thenEvents([ex.duplicateSeen()])
    given(events)
      .when(ex.reserve({ policy: { ...ex.policy, clockSkewMs: 10 } }))
      .thenEvents(retaken)
  })
  it('does not wait for the lease of work that has its outcome', () => {
    given([ex.reserved({ ...untilNow, leaseExpiresAtMs: 9000 }), ...doneEvents.slice(1)])
      .when(ex.reserve())
      .thenAnswer({
        _tag: 'Reserved',
        claim,
        takeover: false,
        previous: { ...done, leaseExpiresAtMs: 9000 },
        record: ex.recordAgain()
      })
      .thenEvents(retaken)
  })
  it('asks for no fingerprint', () => {
    given(doneEvents)
      .when(ex.reserve({ requestFingerprint: 'fp-9' }))
      .thenAnswer({
        _tag: 'Reserved',
        claim,
        takeover: false,
        previous: done,
        record: ex.recordAgain({ requestFingerprint: 'fp-9' })
      })
      .thenEvents([ex.expired('retention'), ex.reservedAgain('retention', { requestFingerprint: 'fp-9' })])
  })
  it('takes from its own holder too, under a new epoch', () => {
    given([ex.reservedForEver(untilNow)])
      .when(ex.reserve({ claimId: 'claim-1' }))
      .thenAnswer({
        _tag: 'Reserved',
        claim: { recordId: ex.recordId, epoch: 2, claimId: 'claim-1' },
        takeover: true,
        previous: ex.recordForEver(untilNow),
        record: ex.recordAgain()
      })
      .thenEvents([ex.expired('retention'), ex.reservedAgain('retention', { claimHash: ex.hashOf('claim-1') })])
  })
  it('takes over although takeover is refused: that policy is about leases', () => {
    given([ex.reservedForEver(untilNow)])
      .when(ex.reserve({ policy: { ...ex.policy, takeover: 'refuse' } }))
      .thenEvents(retaken)
  })
  it('names no claim of an imported record', () => {
    given([ex.imported(untilNow, { atMs: 1100 })])
      .when(ex.reserve())
      .thenAnswer({
        _tag: 'Reserved',
        claim,
        takeover: true,
        previous: ex.recordForEver(untilNow),
        record: ex.recordAgain()
      })
      .thenEvents([
        ex.expired('retention'),
        ex.reservedAgain('retention', { after: { epoch: 1, reason: 'retention' } })
      ])
  })
  it('writes nothing at all where the new lease ends beyond the safe integers', () => {
    given(doneEvents)
      .when(ex.reserve({ lease: Number.MAX_SAFE_INTEGER }))
      .thenRefused('InvalidInput', '$.lease')
  })
})

describe('reserve, held, retention over, under reuseAfterExpiry: reject', () => {
  it('expires and is gone', () => {
    given(doneEvents)
      .when(ex.reserve({ policy: ex.reject }))
      .thenAnswer({ _tag: 'Gone', previous: done })
      .thenEvents([ex.expired('retention')])
      .thenRecord(undefined)
  })
  it('expires and is gone without an outcome, and for another fingerprint', () => {
    given([ex.reservedForEver(untilNow)])
      .when(ex.reserve({ policy: ex.reject, requestFingerprint: 'fp-9' }))
      .thenAnswer({ _tag: 'Gone', previous: ex.recordForEver(untilNow) })
      .thenEvents([ex.expired('retention')])
  })
  it('waits for a lease that still runs', () => {
    given([ex.reserved(untilNow)])
      .when(ex.reserve({ policy: ex.reject }))
      .thenEvents([ex.duplicateSeen()])
  })
})
