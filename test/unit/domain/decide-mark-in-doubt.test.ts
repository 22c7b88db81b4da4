import { describe, it } from 'vitest'
import { given } from '../../../src/testing/given-when-then.ts'
import * as ex from '../../arbitraries/examples.ts'

const inDoubt = { sinceMs: 1200 }
const doubtful = ex.record({ inDoubt })
/** Held under claim-1 and in doubt; both its lease and its retention end. */
const marked = [ex.reserved({ expiresAtMs: 2000 }), ex.markedInDoubt()]
const completed = ex.record({
  status: 'completed',
  outcome: ex.outcome(),
  lastSeenAtMs: 1200,
  expiresAtMs: 2000
})

describe('markInDoubt', () => {
  it.each([undefined, 'the bank timed out'])('marks the record, and touches nothing else (note: %s)', (note) => {
    const record = ex.record({ inDoubt: { sinceMs: 1200, ...(note !== undefined && { note }) } })
    given([ex.reserved()])
      .when(ex.mark({ note }))
      .thenAnswer({ _tag: 'Marked', record })
      .thenEvents([ex.markedInDoubt(note === undefined ? {} : { note })])
      .thenRecord(record)
  })
  it('is said once: again is the same answer, and no event, whatever the note', () => {
    given([ex.reserved(), ex.markedInDoubt()])
      .when(ex.mark({ atMs: 1300, note: 'still' }))
      .thenAnswer({ _tag: 'Marked', record: doubtful })
      .thenEvents([])
  })
  it('marks what is past lease and retention, while nobody took over', () => {
    given([ex.reserved({ leaseExpiresAtMs: 1100, expiresAtMs: 1100 })])
      .when(ex.mark({ atMs: 9000 }))
      .thenEvents([ex.markedInDoubt({ atMs: 9000 })])
  })
  it('has nothing to mark once there is an outcome', () => {
    given([ex.reserved({ expiresAtMs: 2000 }), ex.completed()])
      .when(ex.mark())
      .thenAnswer({ _tag: 'AlreadyCompleted', record: completed })
      .thenEvents([])
  })
  it.each(['released', 'retention', 'operator'] as const)('is lost where the claim ended by %s', (reason) => {
    given([ex.reserved(), ex.expired(reason)])
      .when(ex.mark())
      .thenAnswer({ _tag: 'ClaimLost' })
      .thenEvents([])
  })
  it('is lost with the current record where the claim was taken over', () => {
    given([ex.reserved(), ex.expired('lease'), ex.reservedAgain('lease')])
      .when(ex.mark())
      .thenAnswer({ _tag: 'ClaimLost', record: ex.recordAgain() })
      .thenEvents([])
  })
  it.each([
    ['no stream', [], ex.holder],
    ['a later epoch', [ex.reserved()], ex.holderOf(2, 'claim-1')],
    ['this epoch, another claim id', [ex.reserved()], ex.holderOf(1, 'claim-x')],
    ['an imported record', [ex.imported()], ex.holder]
  ])('is UnknownClaim: %s', (_, events, holder) => {
    given(events).when(ex.mark({ holder })).thenRefused('UnknownClaim')
  })
})

describe('a reserve of a key in doubt', () => {
  const record = (over = {}) => ex.record({ expiresAtMs: 2000, inDoubt, duplicateCount: 1, ...over })

  it.each([
    ['while its lease runs', 1300, 'claim-2', ex.policy],
    ['after its lease', 1800, 'claim-2', ex.policy],
    ['after its retention', 9000, 'claim-2', ex.policy],
    ['after its retention, where keys are not used again', 9000, 'claim-2', ex.reject],
    ['by its holder', 1300, 'claim-1', ex.policy],
    ['by its holder, after lease and retention', 9000, 'claim-1', ex.policy]
  ])('is InDoubt %s', (_, atMs, claimId, policy) => {
    given(marked)
      .when(ex.reserve({ atMs, claimId, policy }))
      .thenAnswer({ _tag: 'InDoubt', record: record({ lastSeenAtMs: atMs }) })
      .thenEvents([ex.duplicateSeen({ atMs })])
      .thenRecord(record({ lastSeenAtMs: atMs }))
  })
  it.each([1300, 1800, 9000])('is Conflict for another request, whatever the time (%i)', (atMs) => {
    given(marked)
      .when(ex.reserve({ atMs, requestFingerprint: 'fp-2' }))
      .thenAnswer({
        _tag: 'Conflict',
        record: ex.record({
          expiresAtMs: 2000,
          inDoubt,
          status: 'conflicted',
          conflictCount: 1,
          conflictFingerprints: ['fp-2'],
          lastSeenAtMs: atMs
        })
      })
      .thenEvents([ex.conflictRecorded({ atMs })])
  })
  it('is InDoubt of an imported record too, which has no holder', () => {
    given([ex.imported({ inDoubt: { sinceMs: 1100 } })])
      .when(ex.reserve())
      .thenEvents([ex.duplicateSeen()])
    given([ex.imported({ inDoubt: { sinceMs: 1100 }, outcome: ex.outcome() })])
      .when(ex.reserve())
      .thenAnswer({
        _tag: 'Duplicate',
        record: ex.recordForEver({
          inDoubt: { sinceMs: 1100 },
          outcome: ex.outcome(),
          lastSeenAtMs: 1200,
          duplicateCount: 1
        })
      })
  })
})

describe('a doubt', () => {
  it.each([1300, 1800, 9000])('is not swept (%i)', (atMs) => {
    given(marked)
      .when(ex.expire({ atMs }))
      .thenAnswer({ _tag: 'NotDue', record: ex.record({ expiresAtMs: 2000, inDoubt }) })
      .thenEvents([])
  })
  it('ends with the outcome of its holder', () => {
    given(marked)
      .when(ex.complete())
      .thenAnswer({ _tag: 'Completed', record: completed })
      .thenEvents([ex.completed()])
      .thenRecord(completed)
  })
  it('ends where its holder gives the key back, and whoever comes next is no takeover', () => {
    given(marked)
      .when(ex.release())
      .thenAnswer({ _tag: 'Released', record: ex.record({ expiresAtMs: 2000, inDoubt }) })
      .thenEvents([ex.expired('released')])
      .thenRecord(undefined)
    given([...marked, ex.expired('released')])
      .when(ex.reserve())
      .thenAnswer({
        _tag: 'Reserved',
        record: ex.recordAgain(),
        claim: { ...ex.claim, epoch: 2, claimId: 'claim-2' },
        takeover: false,
        previous: ex.record({ expiresAtMs: 2000, inDoubt })
      })
  })
  it('ends with the outcome of an operator', () => {
    given(marked)
      .when({ _tag: 'CompleteByOperator', atMs: 1200, outcome: ex.outcome(), note: 'the bank says yes' })
      .thenEvents([ex.completedUnfenced({ note: 'the bank says yes' })])
      .thenRecord(completed)
  })
  it('ends where an operator ends the reservation, and whoever comes next may follow somebody who acted', () => {
    given(marked)
      .when({ _tag: 'ExpireByOperator', atMs: 1200, note: 'the bank says no' })
      .thenEvents([ex.expired('operator', { note: 'the bank says no' })])
      .thenRecord(undefined)
    given([...marked, ex.expired('operator')])
      .when(ex.reserve())
      .thenAnswer({
        _tag: 'Reserved',
        record: ex.recordAgain(),
        claim: { ...ex.claim, epoch: 2, claimId: 'claim-2' },
        takeover: true,
        previous: ex.record({ expiresAtMs: 2000, inDoubt })
      })
  })
  it('ends with an unfenced completion, as any work in flight does', () => {
    given(marked).when(ex.completeByKey()).thenEvents([ex.completedUnfenced()]).thenRecord(completed)
  })
  it('does not keep its holder from prolonging the lease, and is not ended by that', () => {
    given(marked)
      .when(ex.renew())
      .thenEvents([ex.leaseRenewed()])
      .thenRecord(ex.record({ expiresAtMs: 2000, inDoubt, leaseExpiresAtMs: 1700 }))
  })
  it('is no other record than what is imported again', () => {
    const brought = ex.importing()
    given([ex.reserved(), ex.markedInDoubt(), ex.pointReached()]).when(brought).thenEvents([])
  })
})
