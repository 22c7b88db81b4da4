import { describe, it } from 'vitest'
import { given } from '../../../src/testing/given-when-then.ts'
import * as ex from '../../arbitraries/examples.ts'

const other = ex.outcome({ details: { other: true } })
const done = ex.record({ status: 'completed', outcome: ex.outcome(), lastSeenAtMs: 1200 })
const rejected = ex.completionRejected({ ...ex.holder, currentEpoch: 1, outcome: other })

describe('complete, held by this claim, no outcome', () => {
  it('completes', () => {
    given([ex.reserved()])
      .when(ex.complete())
      .thenAnswer({ _tag: 'Completed', record: done })
      .thenEvents([ex.completed()])
      .thenRecord(done)
  })
  it('completes a conflicted record, whose conflicts stay counted', () => {
    given([ex.reserved(), ex.conflictRecorded()])
      .when(ex.complete())
      .thenAnswer({ _tag: 'Completed', record: { ...done, conflictCount: 1, conflictFingerprints: ['fp-2'] } })
      .thenEvents([ex.completed()])
  })
  it.each([
    ['lease', { leaseExpiresAtMs: 1100 }],
    ['retention', { expiresAtMs: 1100 }],
    ['lease and retention', { leaseExpiresAtMs: 1100, expiresAtMs: 1100 }]
  ])('completes where the time of its %s has passed and nobody took over', (_, times) => {
    given([ex.reserved(times)])
      .when(ex.complete())
      .thenAnswer({ _tag: 'Completed', record: { ...done, ...times } })
      .thenEvents([ex.completed()])
  })
  it('counts the retention that was reserved from now on', () => {
    given([ex.reserved({ retentionMs: 50 })])
      .when(ex.complete())
      .thenAnswer({ _tag: 'Completed', record: { ...done, expiresAtMs: 1250 } })
      .thenEvents([ex.completed({ expiresAtMs: 1250 })])
  })
  it('lets the retention be restated, as an end or as a length', () => {
    for (const reserved of [ex.reserved({ retentionMs: 50 }), ex.reserved({ expiresAtMs: 5000 })]) {
      given([reserved])
        .when(ex.complete({ expiresAtMs: 7000 }))
        .thenAnswer({ _tag: 'Completed', record: { ...done, expiresAtMs: 7000 } })
      given([reserved])
        .when(ex.complete({ retentionMs: 7 }))
        .thenEvents([ex.completed({ expiresAtMs: 1207 })])
    }
  })
  it('remembers the retention that was reserved through all that is seen in between', () => {
    const between = [ex.duplicateSeen(), ex.conflictRecorded(), ex.leaseRenewed(), ex.completionRejected()]
    given([ex.reserved({ retentionMs: 50 }), ...between])
      .when(ex.complete())
      .thenEvents([ex.completed({ expiresAtMs: 1250 })])
  })
  it('counts no retention where an end is restated, not even one beyond the safe integers', () => {
    given([ex.reserved({ retentionMs: Number.MAX_SAFE_INTEGER })])
      .when(ex.complete({ expiresAtMs: 7000 }))
      .thenEvents([ex.completed({ expiresAtMs: 7000 })])
  })
  it('ends a retention that was reserved with the last moment, where it would end beyond: the effect has happened', () => {
    const expiresAtMs = Number.MAX_SAFE_INTEGER
    given([ex.reserved({ retentionMs: Number.MAX_SAFE_INTEGER - 1100 })])
      .when(ex.complete())
      .thenEvents([ex.completed({ expiresAtMs })])
  })
  it('leaves an absolute retention out of the event where it stands', () => {
    given([ex.reserved({ expiresAtMs: 5000 })])
      .when(ex.complete())
      .thenAnswer({ _tag: 'Completed', record: { ...done, expiresAtMs: 5000 } })
      .thenEvents([ex.completed()])
  })
  it('takes a retention that ends with the safe integers, and refuses one that ends beyond them', () => {
    const atMs = Number.MAX_SAFE_INTEGER - 10
    given([ex.reserved()])
      .when(ex.complete({ atMs, retentionMs: 10 }))
      .thenEvents([ex.completed({ atMs, expiresAtMs: Number.MAX_SAFE_INTEGER })])
    given([ex.reserved()])
      .when(ex.complete({ atMs, retentionMs: 11 }))
      .thenRefused('InvalidInput', '$.retentionMs')
  })
  it('completes the second reservation under the second claim', () => {
    given([ex.reserved(), ex.expired('lease'), ex.reservedAgain('lease')])
      .when(ex.complete({ holder: ex.holderOf(2, 'claim-2') }))
      .thenAnswer({
        _tag: 'Completed',
        record: ex.recordAgain({ status: 'completed', outcome: ex.outcome() })
      })
      .thenEvents([ex.completed(ex.holderOf(2, 'claim-2'))])
  })
})

describe('complete, held by this claim, with an outcome', () => {
  it.each([
    ['the same', ex.outcome()],
    ['the same at another time', ex.outcome({ completedAtMs: 9 })]
  ])('answers a retry with %s and writes nothing', (_, outcome) => {
    given([ex.reserved(), ex.completed()])
      .when(ex.complete({ outcome, expiresAtMs: 9999 }))
      .thenAnswer({ _tag: 'Completed', record: done })
      .thenEvents([])
  })
  it('knows the same outcome by canonical JSON', () => {
    const stored = ex.outcome({ details: { a: 1, b: [{ c: null, d: 2 }] } })
    given([ex.reserved(), ex.completed({ outcome: stored })])
      .when(ex.complete({ outcome: ex.outcome({ details: { b: [{ d: 2, c: null }], a: 1 } }) }))
      .thenAnswer({ _tag: 'Completed', record: { ...done, outcome: stored } })
      .thenEvents([])
  })
  it.each([
    ['details', other],
    ['kind', ex.outcome({ outcomeKind: 'failed' })],
    ['a reference more', ex.outcome({ primaryRefKind: 'order' })]
  ])('rejects another outcome, by its %s, as evidence', (_, outcome) => {
    given([ex.reserved(), ex.completed()])
      .when(ex.complete({ outcome }))
      .thenAnswer({ _tag: 'AlreadyCompleted', record: done })
      .thenEvents([ex.completionRejected({ ...ex.holder, currentEpoch: 1, outcome })])
      .thenRecord(done)
  })
  it('rejects once per claim and outcome', () => {
    const before = [ex.reserved(), ex.completed(), rejected, ex.duplicateSeen()]
    const record = { ...done, duplicateCount: 1 }
    given(before)
      .when(ex.complete({ atMs: 1300, outcome: { ...other, completedAtMs: 1300 } }))
      .thenAnswer({ _tag: 'AlreadyCompleted', record })
      .thenEvents([])
    const third = ex.outcome({ details: 3 })
    given(before)
      .when(ex.complete({ outcome: third }))
      .thenAnswer({ _tag: 'AlreadyCompleted', record })
      .thenEvents([ex.completionRejected({ ...ex.holder, currentEpoch: 1, outcome: third })])
  })
  it('does not replace what was completed without a claim', () => {
    given([ex.reserved(), ex.completedUnfenced()])
      .when(ex.complete({ outcome: other }))
      .thenAnswer({ _tag: 'AlreadyCompleted', record: done })
      .thenEvents([rejected])
  })
})

describe('complete, the claim was issued and is over', () => {
  const late = ex.completionRejected(ex.holder)
  const taken = [ex.reserved(), ex.expired('lease'), ex.reservedAgain('lease')]

  it.each(['released', 'retention', 'operator'] as const)('is lost and recorded where it ended by %s', (reason) => {
    given([ex.reserved(), ex.expired(reason)])
      .when(ex.complete())
      .thenAnswer({ _tag: 'ClaimLost' })
      .thenEvents([late])
      .thenRecord(undefined)
  })
  it('is lost with the current record where it was taken over', () => {
    given(taken)
      .when(ex.complete())
      .thenAnswer({ _tag: 'ClaimLost', record: ex.recordAgain() })
      .thenEvents([ex.completionRejected({ ...ex.holder, currentEpoch: 2 })])
      .thenRecord(ex.recordAgain())
  })
  it('is recorded once per claim and outcome, whatever came since', () => {
    given([
      ex.reserved(),
      ex.expired('lease'),
      ex.reservedAgain('lease'),
      ex.completionRejected({ ...ex.holder, currentEpoch: 2 })
    ])
      .when(ex.complete())
      .thenAnswer({ _tag: 'ClaimLost', record: ex.recordAgain() })
      .thenEvents([])
    given([ex.reserved(), ex.expired('released'), late, ex.reservedAgain('released')])
      .when(ex.complete())
      .thenAnswer({ _tag: 'ClaimLost', record: ex.recordAgain() })
      .thenEvents([])
    given([ex.reserved(), ex.expired('released'), late])
      .when(ex.complete({ outcome: other }))
      .thenEvents([ex.completionRejected({ ...ex.holder, outcome: other })])
  })
  it('is recorded for each claim by itself', () => {
    const third = [...taken, ex.expired('operator', { epoch: 2 }), late]
    given(third)
      .when(ex.complete({ holder: ex.holderOf(2, 'claim-2') }))
      .thenAnswer({ _tag: 'ClaimLost' })
      .thenEvents([ex.completionRejected(ex.holderOf(2, 'claim-2'))])
  })
  it('is lost although the same claim had completed before its record ended', () => {
    given([ex.reserved(), ex.completed(), ex.expired('retention')])
      .when(ex.complete())
      .thenAnswer({ _tag: 'ClaimLost' })
      .thenEvents([late])
  })
})

describe('complete, never issued', () => {
  it.each([
    ['no stream', []],
    ['a later epoch', [ex.reserved()]],
    ['a later epoch, vacant', [ex.reserved(), ex.expired('released')]]
  ])('is UnknownClaim: %s', (_, events) => {
    given(events)
      .when(ex.complete({ holder: ex.holderOf(2, 'claim-1') }))
      .thenRefused('UnknownClaim')
  })
  it.each([
    ['this epoch, another claim id', [ex.reserved()], 1],
    ['this epoch, completed', [ex.reserved(), ex.completed()], 1],
    ['this epoch, vacant', [ex.reserved(), ex.expired('released')], 1],
    ['an earlier epoch', [ex.reserved(), ex.expired('released'), ex.reservedAgain('released')], 1],
    ['the claim of another epoch', [ex.reserved(), ex.expired('released'), ex.reservedAgain('released')], 2],
    ['an imported record, which has none', [ex.imported()], 1],
    ['an imported record that is over', [ex.imported(), ex.expired('operator')], 1],
    ['an imported record, taken since', [ex.imported(), ex.expired('operator'), ex.reservedAgain('operator')], 1],
    ['an epoch before the first', [ex.reserved()], 0]
  ])('is UnknownClaim: %s', (_, events, epoch) => {
    given(events)
      .when(ex.complete({ holder: ex.holderOf(epoch, 'claim-x') }))
      .thenRefused('UnknownClaim')
    if (epoch === 2)
      given(events)
        .when(ex.complete({ holder: ex.holderOf(epoch, 'claim-1') }))
        .thenRefused('UnknownClaim')
  })
})
