import { describe, it } from 'vitest'
import { given } from '../../../src/testing/given-when-then.ts'
import * as ex from '../../arbitraries/examples.ts'

const claim = { recordId: ex.recordId, epoch: 2, claimId: 'claim-2' }
const first = { recordId: ex.recordId, epoch: 1, claimId: 'claim-2' }

describe('reserve, no stream', () => {
  it('reserves', () => {
    given([])
      .when(ex.reserve())
      .thenAnswer({
        _tag: 'Reserved',
        claim: first,
        takeover: false,
        record: ex.record({ firstSeenAtMs: 1200, lastSeenAtMs: 1200, leaseExpiresAtMs: 1700 })
      })
      .thenEvents([ex.reserved({ atMs: 1200, claimHash: ex.hashOf('claim-2'), leaseExpiresAtMs: 1700 })])
  })
  it('reserves without a lease, with an absolute retention', () => {
    const record = ex.recordForEver({ firstSeenAtMs: 1200, lastSeenAtMs: 1200, expiresAtMs: 5000 })
    given([])
      .when(ex.reserve({ lease: 'none', expiresAtMs: 5000 }))
      .thenAnswer({ _tag: 'Reserved', claim: first, takeover: false, record })
      .thenEvents([ex.reservedForEver({ atMs: 1200, claimHash: ex.hashOf('claim-2'), expiresAtMs: 5000 })])
      .thenRecord(record)
  })
  it('keeps who saw it first and a retention that counts from completion', () => {
    const over = { lease: 'none', retentionMs: 50, firstSeenEventId: 'event-7' } as const
    const record = ex.recordForEver({ firstSeenAtMs: 1200, lastSeenAtMs: 1200, firstSeenEventId: 'event-7' })
    given([])
      .when(ex.reserve(over))
      .thenAnswer({ _tag: 'Reserved', claim: first, takeover: false, record })
      .thenEvents([
        ex.reservedForEver({
          atMs: 1200,
          claimHash: ex.hashOf('claim-2'),
          retentionMs: 50,
          firstSeenEventId: 'event-7'
        })
      ])
  })
  it('reserves under every policy', () => {
    for (const policy of [ex.reject, { ...ex.policy, takeover: 'refuse' }] as const) {
      given([])
        .when(ex.reserve({ policy }))
        .thenEvents([ex.reserved({ atMs: 1200, claimHash: ex.hashOf('claim-2'), leaseExpiresAtMs: 1700 })])
    }
  })
  it('reserves what is born expired', () => {
    given([])
      .when(ex.reserve({ lease: 'none', expiresAtMs: 1199 }))
      .thenAnswer({
        _tag: 'Reserved',
        claim: first,
        takeover: false,
        record: ex.recordForEver({ firstSeenAtMs: 1200, lastSeenAtMs: 1200, expiresAtMs: 1199 })
      })
  })
  it('takes a lease that ends with the safe integers, and refuses one that ends beyond them', () => {
    const atMs = Number.MAX_SAFE_INTEGER - 10
    const leaseExpiresAtMs = Number.MAX_SAFE_INTEGER
    given([])
      .when(ex.reserve({ atMs, lease: 10 }))
      .thenEvents([ex.reserved({ atMs, claimHash: ex.hashOf('claim-2'), leaseExpiresAtMs })])
    given([])
      .when(ex.reserve({ atMs, lease: 11 }))
      .thenRefused('InvalidInput', '$.lease')
  })
  it('refuses a retention that would end beyond them, since nothing could be completed under it', () => {
    const atMs = Number.MAX_SAFE_INTEGER - 10
    given([])
      .when(ex.reserve({ atMs, lease: 'none', retentionMs: 10 }))
      .thenEvents([ex.reservedForEver({ atMs, claimHash: ex.hashOf('claim-2'), retentionMs: 10 })])
    for (const history of [[], [ex.reserved(), ex.expired('released')]]) {
      given(history)
        .when(ex.reserve({ atMs, lease: 'none', retentionMs: 11 }))
        .thenRefused('InvalidInput', '$.retentionMs')
    }
  })
})

describe('reserve, vacant', () => {
  const previous = ex.record()
  const done = ex.record({ status: 'completed', outcome: ex.outcome(), lastSeenAtMs: 1200 })

  it('tells of a released reservation, which is no takeover', () => {
    given([ex.reserved(), ex.expired('released')])
      .when(ex.reserve())
      .thenAnswer({ _tag: 'Reserved', claim, takeover: false, previous, record: ex.recordAgain() })
      .thenEvents([ex.reservedAgain('released')])
      .thenRecord(ex.recordAgain())
  })
  it.each(['retention', 'operator', 'lease'] as const)('takes over what ended by %s without an outcome', (reason) => {
    given([ex.reserved(), ex.expired(reason)])
      .when(ex.reserve())
      .thenAnswer({ _tag: 'Reserved', claim, takeover: true, previous, record: ex.recordAgain() })
      .thenEvents([ex.reservedAgain(reason)])
  })
  it.each(['retention', 'operator'] as const)('takes over nothing where an outcome ended by %s', (reason) => {
    given([ex.reserved(), ex.completed(), ex.expired(reason)])
      .when(ex.reserve())
      .thenAnswer({ _tag: 'Reserved', claim, takeover: false, previous: done, record: ex.recordAgain() })
      .thenEvents([ex.reservedAgain(reason)])
  })
  it('asks for no fingerprint: the ended one is forgotten', () => {
    given([ex.reserved(), ex.expired('released')])
      .when(ex.reserve({ requestFingerprint: 'fp-9', owner: 'owner-9' }))
      .thenEvents([ex.reservedAgain('released', { requestFingerprint: 'fp-9', owner: 'owner-9' })])
  })
  it('has no claim to name after an imported record', () => {
    given([ex.imported(), ex.expired('operator')])
      .when(ex.reserve())
      .thenAnswer({
        _tag: 'Reserved',
        claim,
        takeover: true,
        previous: ex.recordForEver(),
        record: ex.recordAgain()
      })
      .thenEvents([ex.reservedAgain('operator', { after: { epoch: 1, reason: 'operator' } })])
  })
  it('counts epochs on from the last', () => {
    given([ex.reserved(), ex.expired('released'), ex.reservedAgain('released'), ex.expired('operator', { epoch: 2 })])
      .when(ex.reserve({ claimId: 'claim-3' }))
      .thenAnswer({
        _tag: 'Reserved',
        claim: { recordId: ex.recordId, epoch: 3, claimId: 'claim-3' },
        takeover: true,
        previous: ex.recordAgain(),
        record: ex.recordAgain({ epoch: 3 })
      })
  })
})

describe('reserve, vacant, under reuseAfterExpiry: reject', () => {
  it('is gone through retention, without an event, however often', () => {
    given([ex.reserved(), ex.expired('retention')])
      .when(ex.reserve({ policy: ex.reject }))
      .thenAnswer({ _tag: 'Gone', previous: ex.record() })
      .thenEvents([])
      .thenRecord(undefined)
  })
  it('is gone for another fingerprint too', () => {
    given([ex.reserved(), ex.expired('retention')])
      .when(ex.reserve({ policy: ex.reject, requestFingerprint: 'fp-9' }))
      .thenAnswer({ _tag: 'Gone', previous: ex.record() })
      .thenEvents([])
  })
  it.each(['released', 'operator', 'lease'] as const)('reserves after %s', (reason) => {
    given([ex.reserved(), ex.expired(reason)])
      .when(ex.reserve({ policy: ex.reject }))
      .thenAnswer({
        _tag: 'Reserved',
        claim,
        takeover: reason !== 'released',
        previous: ex.record(),
        record: ex.recordAgain()
      })
      .thenEvents([ex.reservedAgain(reason)])
  })
})
