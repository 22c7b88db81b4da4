import { describe, it } from 'vitest'
import { given } from '../../../src/testing/given-when-then.ts'
import * as ex from '../../arbitraries/examples.ts'

const until = (expiresAtMs: number) => ex.reservedForEver({ expiresAtMs })

describe('expire', () => {
  it.each([1200, 1199])('ends what is due (%i)', (expiresAtMs) => {
    given([until(expiresAtMs)])
      .when(ex.expire())
      .thenAnswer({ _tag: 'Expired', record: ex.recordForEver({ expiresAtMs }) })
      .thenEvents([ex.expired('retention')])
      .thenRecord(undefined)
  })
  it('ends a replay whose time is over, whatever its lease', () => {
    const record = ex.record({
      expiresAtMs: 1200,
      leaseExpiresAtMs: 9000,
      status: 'completed',
      outcome: ex.outcome(),
      lastSeenAtMs: 1200
    })
    given([ex.reserved({ expiresAtMs: 1200, leaseExpiresAtMs: 9000 }), ex.completed()])
      .when(ex.expire())
      .thenAnswer({ _tag: 'Expired', record })
      .thenEvents([ex.expired('retention')])
  })
  it('is not due a millisecond before', () => {
    given([until(1201)])
      .when(ex.expire())
      .thenAnswer({ _tag: 'NotDue', record: ex.recordForEver({ expiresAtMs: 1201 }) })
      .thenEvents([])
  })
  it('is never due without a retention: lapsed leases are not swept', () => {
    given([ex.reserved({ leaseExpiresAtMs: 1001 })])
      .when(ex.expire({ atMs: 99_999 }))
      .thenAnswer({ _tag: 'NotDue', record: ex.record({ leaseExpiresAtMs: 1001 }) })
      .thenEvents([])
  })
  it('is not due while a lease runs and there is no outcome', () => {
    given([ex.reserved({ expiresAtMs: 1100, leaseExpiresAtMs: 1201 })])
      .when(ex.expire())
      .thenAnswer({ _tag: 'NotDue', record: ex.record({ expiresAtMs: 1100, leaseExpiresAtMs: 1201 }) })
      .thenEvents([])
  })
  it('is due with the end of the lease, clock skew added', () => {
    const events = [ex.reserved({ expiresAtMs: 1100, leaseExpiresAtMs: 1190 })]
    given(events)
      .when(ex.expire({ policy: { ...ex.policy, clockSkewMs: 10 } }))
      .thenEvents([ex.expired('retention')])
    given(events)
      .when(ex.expire({ policy: { ...ex.policy, clockSkewMs: 11 } }))
      .thenEvents([])
  })
  it.each([
    ['no stream', []],
    ['vacant', [until(1100), ex.expired('retention', { atMs: 1100 })]]
  ])('has nothing to end: %s', (_, events) => {
    given(events).when(ex.expire()).thenAnswer({ _tag: 'NotDue' }).thenEvents([])
  })
  it('goes by the retention that the completion restated', () => {
    given([until(1100), ex.completed({ atMs: 1050, expiresAtMs: 1300 })])
      .when(ex.expire())
      .thenEvents([])
  })
})

describe('expireByOperator', () => {
  const command = { _tag: 'ExpireByOperator', atMs: 1200, note: 'stuck' } as const

  it.each([
    ['in flight', [ex.reserved()], ex.record()],
    [
      'completed',
      [ex.reserved(), ex.completed()],
      ex.record({ status: 'completed', outcome: ex.outcome(), lastSeenAtMs: 1200 })
    ],
    ['imported', [ex.imported()], ex.recordForEver()]
  ])('ends what is held, %s', (_, events, record) => {
    given(events)
      .when(command)
      .thenAnswer({ _tag: 'Expired', record })
      .thenEvents([ex.expired('operator', { note: 'stuck' })])
      .thenRecord(undefined)
  })
  it.each([
    ['no stream', []],
    ['vacant', [ex.reserved(), ex.expired('released')]]
  ])('has nothing to end: %s', (_, events) => {
    given(events).when(command).thenAnswer({ _tag: 'NotHeld' }).thenEvents([])
  })
})

describe('completeByOperator', () => {
  const command = { _tag: 'CompleteByOperator', atMs: 1200, outcome: ex.outcome(), note: 'by hand' } as const
  const other = ex.outcome({ details: 'other' })
  const done = ex.record({ status: 'completed', outcome: ex.outcome(), lastSeenAtMs: 1200 })

  it('completes what is held', () => {
    given([ex.reserved()])
      .when(command)
      .thenAnswer({ _tag: 'Completed', record: done })
      .thenEvents([ex.completedUnfenced({ note: 'by hand' })])
      .thenRecord(done)
  })
  it('counts the retention that was reserved from now on', () => {
    given([ex.reserved({ retentionMs: 50 })])
      .when(command)
      .thenEvents([ex.completedUnfenced({ note: 'by hand', expiresAtMs: 1250 })])
  })
  it('answers the same again where that very outcome stands', () => {
    given([ex.reserved(), ex.completed()]).when(command).thenAnswer({ _tag: 'Completed', record: done }).thenEvents([])
  })
  it.each([ex.completed(), ex.completedUnfenced()])('never replaces another outcome', (completed) => {
    given([ex.reserved(), completed])
      .when({ ...command, outcome: other })
      .thenAnswer({ _tag: 'AlreadyCompleted', record: done })
      .thenEvents([ex.completionRejected({ currentEpoch: 1, outcome: other })])
    given([ex.reserved(), completed, ex.completionRejected({ currentEpoch: 1, outcome: other })])
      .when({ ...command, outcome: other })
      .thenAnswer({ _tag: 'AlreadyCompleted', record: done })
      .thenEvents([])
  })
  it.each([
    ['no stream', []],
    ['vacant', [ex.reserved(), ex.expired('released')]]
  ])('has nothing to complete: %s', (_, events) => {
    given(events).when(command).thenAnswer({ _tag: 'NotHeld' }).thenEvents([])
  })
})
