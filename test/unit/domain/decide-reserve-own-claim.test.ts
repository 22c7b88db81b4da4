import { describe, expect, it } from 'vitest'
import type { Reserve } from '../../../src/domain/commands.ts'
import { decide } from '../../../src/domain/decide/decide.ts'
import type { IdentifiedEvent } from '../../../src/domain/events/ledger-event.ts'
import { fold } from '../../../src/domain/evolve.ts'
import { given } from '../../../src/testing/given-when-then.ts'
import * as ex from '../../arbitraries/examples.ts'

const own = { claimId: 'claim-1' }

describe('reserve, held by the claim that is presented, same fingerprint, no outcome', () => {
  it('grants it again and renews the lease', () => {
    const record = ex.record({ leaseExpiresAtMs: 1700 })
    given([ex.reserved()])
      .when(ex.reserve(own))
      .thenAnswer({ _tag: 'Reserved', claim: ex.claim, takeover: false, record })
      .thenEvents([ex.leaseRenewed()])
      .thenRecord(record)
  })
  it('writes nothing where no lease is asked for; the lease stands', () => {
    given([ex.reserved()])
      .when(ex.reserve({ ...own, lease: 'none' }))
      .thenAnswer({ _tag: 'Reserved', claim: ex.claim, takeover: false, record: ex.record() })
      .thenEvents([])
  })
  it.each([300, 299, 1])('writes nothing where the end would not move forward (%i ms)', (lease) => {
    given([ex.reserved()])
      .when(ex.reserve({ ...own, lease }))
      .thenAnswer({ _tag: 'Reserved', claim: ex.claim, takeover: false, record: ex.record() })
      .thenEvents([])
  })
  it('grants a lapsed lease again that nobody took, even under takeover: refuse', () => {
    for (const takeover of ['allow', 'refuse'] as const) {
      given([ex.reserved({ leaseExpiresAtMs: 1100 })])
        .when(ex.reserve({ ...own, policy: { ...ex.policy, takeover } }))
        .thenAnswer({
          _tag: 'Reserved',
          claim: ex.claim,
          takeover: false,
          record: ex.record({ leaseExpiresAtMs: 1700 })
        })
        .thenEvents([ex.leaseRenewed()])
    }
  })
  it('grants it again whatever was seen in between', () => {
    const record = ex.record({
      leaseExpiresAtMs: 1700,
      status: 'conflicted',
      lastSeenAtMs: 1150,
      conflictCount: 1,
      conflictFingerprints: ['fp-2'],
      duplicateCount: 1
    })
    given([ex.reserved(), ex.duplicateSeen({ atMs: 1100 }), ex.conflictRecorded({ atMs: 1150 })])
      .when(ex.reserve(own))
      .thenAnswer({ _tag: 'Reserved', claim: ex.claim, takeover: false, record })
      .thenEvents([ex.leaseRenewed()])
  })
  it('refuses a lease that ends beyond the safe integers', () => {
    given([ex.reserved()])
      .when(ex.reserve({ ...own, lease: Number.MAX_SAFE_INTEGER }))
      .thenRefused('InvalidInput', '$.lease')
  })
  it('is a conflict under another fingerprint: the claim id buys nothing', () => {
    given([ex.reserved()])
      .when(ex.reserve({ ...own, requestFingerprint: 'fp-2' }))
      .thenAnswer({
        _tag: 'Conflict',
        record: ex.record({
          status: 'conflicted',
          lastSeenAtMs: 1200,
          conflictCount: 1,
          conflictFingerprints: ['fp-2']
        })
      })
      .thenEvents([ex.conflictRecorded()])
  })
  it('is a replay once there is an outcome', () => {
    given([ex.reserved(), ex.completed()])
      .when(ex.reserve(own))
      .thenAnswer({
        _tag: 'Duplicate',
        record: ex.record({ status: 'completed', outcome: ex.outcome(), lastSeenAtMs: 1200, duplicateCount: 1 })
      })
      .thenEvents([ex.duplicateSeen()])
  })
  it('is no retry where the claim is an earlier one', () => {
    given([ex.reserved(), ex.expired('released'), ex.reservedAgain('released')])
      .when(ex.reserve(own))
      .thenAnswer({ _tag: 'Duplicate', record: ex.recordAgain({ duplicateCount: 1 }) })
      .thenEvents([ex.duplicateSeen()])
  })
})

describe('reserve, retried after it followed another reservation', () => {
  const claim = { recordId: ex.recordId, epoch: 2, claimId: 'claim-2' }
  const previous = ex.record({ leaseExpiresAtMs: 1200, lastSeenAtMs: 1100, duplicateCount: 1 })
  const before = [ex.reserved({ leaseExpiresAtMs: 1200 }), ex.duplicateSeen({ atMs: 1100 })]
  const takenOver = [...before, ex.expired('lease'), ex.reservedAgain('lease')]

  it('answers takeover and previous as it did the first time', () => {
    const answer = { _tag: 'Reserved', claim, takeover: true, previous, record: ex.recordAgain() } as const
    given(before).when(ex.reserve()).thenAnswer(answer).thenEvents(takenOver.slice(2))
    given(takenOver).when(ex.reserve()).thenAnswer(answer).thenEvents([])
  })
  it('answers so later on too, with the lease renewed', () => {
    given([...takenOver, ex.duplicateSeen({ atMs: 1250 })])
      .when(ex.reserve({ atMs: 1300 }))
      .thenAnswer({
        _tag: 'Reserved',
        claim,
        takeover: true,
        previous,
        record: ex.recordAgain({ leaseExpiresAtMs: 1800, lastSeenAtMs: 1250, duplicateCount: 1 })
      })
      .thenEvents([ex.leaseRenewed({ atMs: 1300, ...ex.holderOf(2, 'claim-2'), leaseExpiresAtMs: 1800 })])
  })
  it.each(['released', 'retention', 'operator'] as const)('answers as it did after %s', (reason) => {
    given([ex.reserved(), ex.expired(reason, { atMs: 1100 }), ex.reservedAgain(reason)])
      .when(ex.reserve())
      .thenAnswer({
        _tag: 'Reserved',
        claim,
        takeover: reason !== 'released',
        previous: ex.record(),
        record: ex.recordAgain()
      })
      .thenEvents([])
  })
  it('needs the past for it, and says so', () => {
    const stream = takenOver.map((event, id): IdentifiedEvent => ({ ...event, id: `${id}` }) as IdentifiedEvent)
    expect(decide(ex.reserve() as Reserve, fold(stream))).toMatchObject({ _tag: 'NeedsPast', reach: 'whole' })
  })
})
