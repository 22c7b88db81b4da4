import { describe, expect, it } from 'vitest'
import type { RecoveryPoint } from '../../../src/domain/recovery-points.ts'
import { given } from '../../../src/testing/given-when-then.ts'
import * as ex from '../../arbitraries/examples.ts'

const points = (count: number): ReadonlyArray<RecoveryPoint> =>
  Array.from({ length: count }, (_, index) => ({ name: `step-${index}` }))

const bytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value))

/** As long as it may be, so that a point has so many bytes in a list of its own. */
const dataFor = (name: string, size: number): string => 'x'.repeat(size - bytes([{ name, data: '' }]))

describe('reachRecoveryPoint', () => {
  it('adds the point to the record, and touches nothing else', () => {
    const record = ex.record({ recoveryPoints: [{ name: 'charged', data: { id: 'ch_1' } }] })
    given([ex.reserved()])
      .when(ex.reach({ data: { id: 'ch_1' } }))
      .thenAnswer({ _tag: 'Reached', record })
      .thenEvents([ex.pointReached({ data: { id: 'ch_1' } })])
      .thenRecord(record)
  })
  it('tells no data from data that is null', () => {
    given([ex.reserved()]).when(ex.reach()).thenEvents([ex.pointReached()])
    given([ex.reserved(), ex.pointReached()])
      .when(ex.reach({ data: null }))
      .thenEvents([ex.pointReached({ data: null })])
      .thenRecord(ex.record({ recoveryPoints: [{ name: 'charged', data: null }] }))
  })
  it('keeps points in the order in which they were reached', () => {
    given([ex.reserved(), ex.pointReached({ name: 'b' }), ex.pointReached({ name: 'a' })])
      .when(ex.reach({ name: '0' }))
      .thenRecord(ex.record({ recoveryPoints: [{ name: 'b' }, { name: 'a' }, { name: '0' }] }))
  })
  it.each([
    ['no data', undefined, undefined],
    ['the same data', { a: 1, b: [2] }, { b: [2], a: 1 }]
  ])('is the same answer, and no event, where the point is there already with %s', (_, there, data) => {
    const record = ex.record({ recoveryPoints: [{ name: 'charged', data: there }] })
    given([ex.reserved(), ex.pointReached({ data: there })])
      .when(ex.reach({ data, atMs: 9000 }))
      .thenAnswer({ _tag: 'Reached', record })
      .thenEvents([])
  })
  it('replaces other data in its old place', () => {
    given([ex.reserved(), ex.pointReached({ data: 1 }), ex.pointReached({ name: 'sent' })])
      .when(ex.reach({ data: 2 }))
      .thenEvents([ex.pointReached({ data: 2 })])
      .thenRecord(ex.record({ recoveryPoints: [{ name: 'charged', data: 2 }, { name: 'sent' }] }))
  })
  it('goes on past lease and retention, while nobody took over', () => {
    given([ex.reserved({ leaseExpiresAtMs: 1100, expiresAtMs: 1100 })])
      .when(ex.reach({ atMs: 9000 }))
      .thenEvents([ex.pointReached({ atMs: 9000 })])
  })
  it('is allowed in doubt: the doubt stays', () => {
    given([ex.reserved(), ex.markedInDoubt()])
      .when(ex.reach())
      .thenEvents([ex.pointReached()])
      .thenRecord(ex.record({ recoveryPoints: [{ name: 'charged' }], inDoubt: { sinceMs: 1200 } }))
  })
  it('takes a hundred points, and no more; one of them may still be replaced', () => {
    const full = ex.reservedAgain('lease', { recoveryPoints: points(100) })
    const holder = ex.holderOf(2, 'claim-2')
    given([ex.reserved(), ex.expired('lease'), full])
      .when(ex.reach({ holder, name: 'step-99' }))
      .thenEvents([])
    given([ex.reserved(), ex.expired('lease'), full])
      .when(ex.reach({ holder, name: 'step-99', data: 1 }))
      .thenEvents([ex.pointReached({ epoch: 2, claimHash: holder.claimHash, name: 'step-99', data: 1 })])
    given([ex.reserved(), ex.expired('lease'), full])
      .when(ex.reach({ holder, name: 'step-100' }))
      .thenRefused('LimitExceeded', '$.name')
    const room = ex.reservedAgain('lease', { recoveryPoints: points(99) })
    given([ex.reserved(), ex.expired('lease'), room])
      .when(ex.reach({ holder, name: 'step-100' }))
      .thenEvents([ex.pointReached({ epoch: 2, claimHash: holder.claimHash, name: 'step-100' })])
  })
  it('takes 64 KiB of points together as JSON, and not a byte more', () => {
    const data = dataFor('charged', 65_536)
    expect(bytes([{ name: 'charged', data }])).toBe(65_536)
    given([ex.reserved()])
      .when(ex.reach({ data }))
      .thenEvents([ex.pointReached({ data })])
    given([ex.reserved()])
      .when(ex.reach({ data: `${data}x` }))
      .thenRefused('LimitExceeded', '$.data')
    given([ex.reserved(), ex.pointReached({ data })])
      .when(ex.reach({ name: 'sent' }))
      .thenRefused('LimitExceeded', '$.data')
    given([ex.reserved(), ex.pointReached({ data })])
      .when(ex.reach({ data: 'short' }))
      .thenEvents([ex.pointReached({ data: 'short' })])
  })
  it('has nothing to reach once there is an outcome', () => {
    given([ex.reserved(), ex.pointReached(), ex.completed()])
      .when(ex.reach())
      .thenAnswer({
        _tag: 'AlreadyCompleted',
        record: ex.record({
          status: 'completed',
          outcome: ex.outcome(),
          lastSeenAtMs: 1200,
          recoveryPoints: [{ name: 'charged' }]
        })
      })
      .thenEvents([])
  })
  it.each(['released', 'retention', 'operator'] as const)('is lost where the claim ended by %s', (reason) => {
    given([ex.reserved(), ex.expired(reason)])
      .when(ex.reach())
      .thenAnswer({ _tag: 'ClaimLost' })
      .thenEvents([])
  })
  it('is lost with the current record where the claim was taken over', () => {
    given([ex.reserved(), ex.expired('lease'), ex.reservedAgain('lease')])
      .when(ex.reach())
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
    given(events).when(ex.reach({ holder })).thenRefused('UnknownClaim')
  })
  it.each([
    ['$.name', { name: 'a lone \ud800' }],
    ['$.name', { name: 7 }],
    ['$.data.at', { data: { at: Number.NaN } }],
    ['$.data.id', { data: { id: undefined } }]
  ])('takes nothing that could not be read again: %s', (path, over) => {
    const command = { ...ex.reach(), ...over } as ReturnType<typeof ex.reach>
    given([ex.reserved()]).when(command).thenRefused('InvalidInput', path)
  })
})

describe('the points of a reservation', () => {
  const reached = [{ name: 'charged', data: 1 }]

  it('are there for whoever takes over by lease, and for whoever does after that', () => {
    const first = [ex.reserved(), ex.pointReached({ data: 1 })]
    given(first)
      .when(ex.reserve({ atMs: 1500 }))
      .thenEvents([
        ex.expired('lease', { atMs: 1500 }),
        ex.reservedAgain('lease', { atMs: 1500, leaseExpiresAtMs: 2000, recoveryPoints: reached })
      ])
      .thenRecord(
        ex.recordAgain({ firstSeenAtMs: 1500, lastSeenAtMs: 1500, leaseExpiresAtMs: 2000, recoveryPoints: reached })
      )
    const second = ex.reservedAgain('lease', { recoveryPoints: reached })
    given([...first, ex.expired('lease'), second])
      .when(ex.reserve({ atMs: 1700, claimId: 'claim-3' }))
      .thenRecord(
        ex.record({
          epoch: 3,
          firstSeenAtMs: 1700,
          lastSeenAtMs: 1700,
          leaseExpiresAtMs: 2200,
          recoveryPoints: reached
        })
      )
  })
  it('are told again to the holder who asks again', () => {
    given([ex.reserved(), ex.pointReached({ data: 1 })])
      .when(ex.reserve({ claimId: 'claim-1', lease: 100 }))
      .thenAnswer({
        _tag: 'Reserved',
        record: ex.record({ recoveryPoints: reached }),
        claim: ex.claim,
        takeover: false
      })
      .thenEvents([])
  })
  it.each(['retention', 'operator', 'released'] as const)('are not inherited from what ended by %s', (reason) => {
    given([ex.reserved(), ex.pointReached({ data: 1 }), ex.expired(reason)])
      .when(ex.reserve())
      .thenEvents([ex.reservedAgain(reason)])
      .thenRecord(ex.recordAgain())
  })
  it('are not inherited where the retention of unfinished work is over, but stand in what it tells of before', () => {
    const before = ex.reservedForEver({ expiresAtMs: 1100 })
    given([before, ex.pointReached({ data: 1, atMs: 1050 })])
      .when(ex.reserve())
      .thenAnswer({
        _tag: 'Reserved',
        record: ex.recordAgain(),
        claim: { ...ex.claim, epoch: 2, claimId: 'claim-2' },
        takeover: true,
        previous: ex.recordForEver({ expiresAtMs: 1100, recoveryPoints: reached })
      })
  })
  it('stay with what was completed', () => {
    given([ex.reserved(), ex.pointReached({ data: 1 })])
      .when(ex.complete())
      .thenRecord(
        ex.record({ status: 'completed', outcome: ex.outcome(), lastSeenAtMs: 1200, recoveryPoints: reached })
      )
  })
})
