import { describe, it } from 'vitest'
import { given } from '../../../src/testing/given-when-then.ts'
import * as ex from '../../arbitraries/examples.ts'

const other = ex.outcome({ details: { other: true } })
const done = ex.record({ status: 'completed', outcome: ex.outcome(), lastSeenAtMs: 1200 })

describe('completeByKey', () => {
  it('answers none where there is no stream', () => {
    given([]).when(ex.completeByKey()).thenAnswer({ _tag: 'CompletedByKey' }).thenEvents([])
  })
  it('completes what is held, whoever holds it', () => {
    given([ex.reserved()])
      .when(ex.completeByKey())
      .thenAnswer({ _tag: 'CompletedByKey', record: done })
      .thenEvents([ex.completedUnfenced()])
      .thenRecord(done)
  })
  it('completes an imported record', () => {
    given([ex.imported()])
      .when(ex.completeByKey())
      .thenAnswer({
        _tag: 'CompletedByKey',
        record: ex.recordForEver({ status: 'completed', outcome: ex.outcome(), lastSeenAtMs: 1200 })
      })
      .thenEvents([ex.completedUnfenced()])
  })
  it.each([
    ['by key or by an operator', [ex.reserved(), ex.completedUnfenced({ note: 'by hand' })]],
    ['elsewhere, and imported', [ex.imported({ status: 'completed', outcome: ex.outcome(), leaseExpiresAtMs: 1500 })]]
  ])('lets the last one win where the outcome was written %s', (_, events) => {
    given(events)
      .when(ex.completeByKey({ atMs: 1300, outcome: other }))
      .thenAnswer({ _tag: 'CompletedByKey', record: { ...done, outcome: other, lastSeenAtMs: 1300 } })
      .thenEvents([ex.completedUnfenced({ atMs: 1300, outcome: other })])
  })
  it('completes a conflicted record again, as the predecessor did', () => {
    const record = { ...done, conflictCount: 1, conflictFingerprints: ['fp-2'], lastSeenAtMs: 1300 }
    given([ex.reserved(), ex.completedUnfenced(), ex.conflictRecorded()])
      .when(ex.completeByKey({ atMs: 1300 }))
      .thenAnswer({ _tag: 'CompletedByKey', record })
      .thenEvents([ex.completedUnfenced({ atMs: 1300 })])
  })
  it('counts the retention that was reserved from now on', () => {
    given([ex.reserved({ retentionMs: 50 })])
      .when(ex.completeByKey())
      .thenEvents([ex.completedUnfenced({ expiresAtMs: 1250 })])
    given([ex.reserved({ retentionMs: Number.MAX_SAFE_INTEGER })])
      .when(ex.completeByKey())
      .thenEvents([ex.completedUnfenced({ expiresAtMs: Number.MAX_SAFE_INTEGER })])
  })
  it('never replaces an outcome that was written under a claim', () => {
    given([ex.reserved(), ex.completed()])
      .when(ex.completeByKey({ outcome: other }))
      .thenAnswer({ _tag: 'CompletedByKey', record: done })
      .thenEvents([ex.completionRejected({ currentEpoch: 1, outcome: other })])
      .thenRecord(done)
  })
  it('records a rejection once', () => {
    given([ex.reserved(), ex.completed(), ex.completionRejected({ currentEpoch: 1, outcome: other })])
      .when(ex.completeByKey({ outcome: { ...other, completedAtMs: 7 } }))
      .thenAnswer({ _tag: 'CompletedByKey', record: done })
      .thenEvents([])
  })
  it('tells its rejections from those of claims', () => {
    given([ex.reserved(), ex.completed(), ex.completionRejected({ ...ex.holder, currentEpoch: 1, outcome: other })])
      .when(ex.completeByKey({ outcome: other }))
      .thenEvents([ex.completionRejected({ currentEpoch: 1, outcome: other })])
  })
  it('has nothing to reject where that very outcome stands under a claim', () => {
    given([ex.reserved(), ex.completed()])
      .when(ex.completeByKey({ outcome: ex.outcome({ completedAtMs: 7 }) }))
      .thenAnswer({ _tag: 'CompletedByKey', record: done })
      .thenEvents([])
  })
  it('may complete the next reservation although the last was completed under a claim', () => {
    given([ex.reserved(), ex.completed(), ex.expired('retention'), ex.reservedAgain('retention')])
      .when(ex.completeByKey())
      .thenAnswer({
        _tag: 'CompletedByKey',
        record: ex.recordAgain({ status: 'completed', outcome: ex.outcome() })
      })
      .thenEvents([ex.completedUnfenced({ epoch: 2 })])
  })
  it.each(['released', 'retention', 'operator'] as const)('rejects where the key is vacant through %s', (reason) => {
    given([ex.reserved(), ex.expired(reason)])
      .when(ex.completeByKey())
      .thenAnswer({ _tag: 'CompletedByKey' })
      .thenEvents([ex.completionRejected()])
      .thenRecord(undefined)
    given([ex.reserved(), ex.expired(reason), ex.completionRejected()])
      .when(ex.completeByKey())
      .thenAnswer({ _tag: 'CompletedByKey' })
      .thenEvents([])
  })
})
