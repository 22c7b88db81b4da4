import { describe, it } from 'vitest'
import { given } from '../../../src/testing/given-when-then.ts'
import * as ex from '../../arbitraries/examples.ts'

describe('renew', () => {
  it('prolongs the lease, and touches nothing else', () => {
    const record = ex.record({ leaseExpiresAtMs: 1700 })
    given([ex.reserved()])
      .when(ex.renew())
      .thenAnswer({ _tag: 'Renewed', record, leaseExpiresAtMs: 1700 })
      .thenEvents([ex.leaseRenewed()])
      .thenRecord(record)
  })
  it('prolongs a lapsed lease that nobody took, even past the retention', () => {
    const record = ex.record({ leaseExpiresAtMs: 1700, expiresAtMs: 1100 })
    given([ex.reserved({ leaseExpiresAtMs: 1100, expiresAtMs: 1100 })])
      .when(ex.renew())
      .thenAnswer({ _tag: 'Renewed', record, leaseExpiresAtMs: 1700 })
      .thenEvents([ex.leaseRenewed()])
  })
  it.each([300, 299, 1])('never moves the end back, nor writes that it stays (%i ms)', (lease) => {
    given([ex.reserved()])
      .when(ex.renew({ lease }))
      .thenAnswer({ _tag: 'Renewed', record: ex.record(), leaseExpiresAtMs: 1500 })
      .thenEvents([])
  })
  it('moves the end by a millisecond', () => {
    given([ex.reserved()])
      .when(ex.renew({ lease: 301 }))
      .thenAnswer({ _tag: 'Renewed', record: ex.record({ leaseExpiresAtMs: 1501 }), leaseExpiresAtMs: 1501 })
      .thenEvents([ex.leaseRenewed({ leaseExpiresAtMs: 1501 })])
  })
  it('never moves it back where clocks differ', () => {
    given([ex.reserved(), ex.leaseRenewed({ leaseExpiresAtMs: 9000 })])
      .when(ex.renew({ atMs: 1 }))
      .thenAnswer({ _tag: 'Renewed', record: ex.record({ leaseExpiresAtMs: 9000 }), leaseExpiresAtMs: 9000 })
      .thenEvents([])
  })
  it('takes an end at the last safe integer, and refuses one beyond it', () => {
    const atMs = Number.MAX_SAFE_INTEGER - 10
    given([ex.reserved()])
      .when(ex.renew({ atMs, lease: 10 }))
      .thenEvents([ex.leaseRenewed({ atMs, leaseExpiresAtMs: Number.MAX_SAFE_INTEGER })])
    given([ex.reserved()])
      .when(ex.renew({ atMs, lease: 11 }))
      .thenRefused('InvalidInput', '$.leaseMs')
  })
  it('has nothing to prolong once there is an outcome', () => {
    given([ex.reserved(), ex.completed()])
      .when(ex.renew())
      .thenAnswer({
        _tag: 'AlreadyCompleted',
        record: ex.record({ status: 'completed', outcome: ex.outcome(), lastSeenAtMs: 1200 })
      })
      .thenEvents([])
  })
  it.each(['released', 'retention', 'operator'] as const)('is lost where the claim ended by %s', (reason) => {
    given([ex.reserved(), ex.expired(reason)])
      .when(ex.renew())
      .thenAnswer({ _tag: 'ClaimLost' })
      .thenEvents([])
  })
  it('is lost with the current record where the claim was taken over', () => {
    given([ex.reserved(), ex.expired('lease'), ex.reservedAgain('lease')])
      .when(ex.renew())
      .thenAnswer({ _tag: 'ClaimLost', record: ex.recordAgain() })
      .thenEvents([])
  })
  it.each([
    ['no stream', [], ex.holder],
    ['a later epoch', [ex.reserved()], ex.holderOf(2, 'claim-1')],
    ['this epoch, another claim id', [ex.reserved()], ex.holderOf(1, 'claim-x')],
    [
      'an earlier epoch, another claim id',
      [ex.reserved(), ex.expired('released'), ex.reservedAgain('released')],
      ex.holderOf(1, 'claim-x')
    ],
    ['an imported record', [ex.imported()], ex.holder]
  ])('is UnknownClaim: %s', (_, events, holder) => {
    given(events).when(ex.renew({ holder })).thenRefused('UnknownClaim')
  })
})
