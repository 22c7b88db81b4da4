import { describe, expect, it } from 'vitest'
import type { Import } from '../../../src/domain/commands.ts'
import { decide } from '../../../src/domain/decide/decide.ts'
import { fold } from '../../../src/domain/evolve.ts'
import type { Plain } from '../../../src/domain/plain.ts'
import type { IdempotencyRecord } from '../../../src/domain/record.ts'
import { given } from '../../../src/testing/given-when-then.ts'
import * as ex from '../../arbitraries/examples.ts'

/** The events by which a holder says what a record holds of its progress. */
const progressOf = ({ recoveryPoints = [], inDoubt }: Partial<Plain<IdempotencyRecord>>) => [
  ...recoveryPoints.map((point) => ex.pointReached(point)),
  ...(inDoubt === undefined
    ? []
    : [ex.markedInDoubt({ atMs: inDoubt.sinceMs, ...(inDoubt.note && { note: inDoubt.note }) })])
]

describe('import, no stream', () => {
  it('brings the record in as the first epoch', () => {
    given([])
      .when(ex.importing())
      .thenAnswer({ _tag: 'Imported', record: ex.recordForEver() })
      .thenEvents([ex.imported()])
      .thenRecord(ex.recordForEver())
  })
  it('needs no past for it', () => {
    expect(decide(ex.importing() as Import, fold([]))._tag).toBe('Decided')
  })
  it.each([
    ['conflicted, with an outcome', { status: 'conflicted', outcome: ex.outcome(), conflictCount: 2 }],
    ['conflicted, without one', { status: 'conflicted', conflictCount: 2, conflictFingerprints: ['x', 'x'] }],
    ['completed, without an outcome', { status: 'completed' }],
    ['reserved, with an outcome', { status: 'reserved', outcome: ex.outcome() }]
  ] as const)('keeps every combination of status and outcome: %s', (_, over) => {
    given([])
      .when(ex.importing(over))
      .thenAnswer({ _tag: 'Imported', record: ex.recordForEver(over) })
      .thenEvents([ex.imported(over)])
  })
})

describe('import, vacant', () => {
  it('brings the record in as the next epoch', () => {
    given([ex.reserved(), ex.expired('released')])
      .when(ex.importing())
      .thenAnswer({ _tag: 'Imported', record: ex.recordForEver({ epoch: 2 }) })
      .thenEvents([ex.imported({}, { epoch: 2 })])
      .thenRecord(ex.recordForEver({ epoch: 2 }))
  })
  it('skips what it brought before, whatever came since', () => {
    const over = [ex.imported(), ex.expired('operator')]
    given(over).when(ex.importing()).thenAnswer({ _tag: 'Skipped', record: ex.recordForEver() }).thenEvents([])
    given([...over, ex.reservedAgain('operator')])
      .when(ex.importing())
      .thenAnswer({ _tag: 'Skipped', record: ex.recordAgain() })
      .thenEvents([])
  })
  it('brings another record in', () => {
    const over = { owner: 'owner-9' }
    given([ex.imported(), ex.expired('operator')])
      .when(ex.importing(over))
      .thenAnswer({ _tag: 'Imported', record: ex.recordForEver({ ...over, epoch: 2 }) })
      .thenEvents([ex.imported(over, { epoch: 2 })])
  })
})

describe('import, held', () => {
  it('skips the record that it brought, whatever came since', () => {
    given([ex.imported()])
      .when(ex.importing())
      .thenAnswer({ _tag: 'Skipped', record: ex.recordForEver() })
      .thenEvents([])
    given([ex.imported(), ex.duplicateSeen(), ex.completedUnfenced()])
      .when(ex.importing())
      .thenAnswer({
        _tag: 'Skipped',
        record: ex.recordForEver({ status: 'completed', outcome: ex.outcome(), lastSeenAtMs: 1200, duplicateCount: 1 })
      })
      .thenEvents([])
  })
  it('skips it whatever lease it is given this time', () => {
    given([ex.imported({ leaseExpiresAtMs: 1500 })])
      .when(ex.importing({ leaseExpiresAtMs: 9000 }))
      .thenAnswer({ _tag: 'Skipped', record: ex.record() })
      .thenEvents([])
  })
  it('skips a record that is what the ledger holds anyway', () => {
    given([ex.reserved()]).when(ex.importing()).thenAnswer({ _tag: 'Skipped', record: ex.record() }).thenEvents([])
  })
  it('knows details by canonical JSON', () => {
    const stored = ex.outcome({ details: { a: 1, b: 2 } })
    given([ex.imported({ outcome: stored })])
      .when(ex.importing({ outcome: ex.outcome({ details: { b: 2, a: 1 } }) }))
      .thenAnswer({ _tag: 'Skipped', record: ex.recordForEver({ outcome: stored }) })
  })
  it.each([
    ['owner', { owner: 'owner-9' }],
    ['status', { status: 'conflicted' }],
    ['outcome', { outcome: ex.outcome() }],
    ['retention', { expiresAtMs: 5 }],
    ['first seen', { firstSeenAtMs: 999 }],
    ['conflicts', { conflictCount: 1 }],
    ['actor', { tenant: { ...ex.tenant, actorId: 'actor-9' } }]
  ] as const)('refuses a record that differs by its %s', (_, over) => {
    given([ex.reserved()]).when(ex.importing(over)).thenRefused('ImportRefused')
    given([ex.imported()]).when(ex.importing(over)).thenRefused('ImportRefused')
  })
  const doubt = { sinceMs: 1100, note: 'the bank timed out' }
  const points = [{ name: 'charged', data: { id: 7 } }]
  it.each([
    ['a doubt', { inDoubt: doubt }, {}],
    ['another doubt', { inDoubt: doubt }, { inDoubt: { sinceMs: 1000, note: 'the bank timed out' } }],
    ['another note', { inDoubt: doubt }, { inDoubt: { sinceMs: 1100 } }],
    ['a point', { recoveryPoints: points }, {}],
    ['one point more', { recoveryPoints: [...points, { name: 'mailed' }] }, { recoveryPoints: points }],
    ['other data', { recoveryPoints: points }, { recoveryPoints: [{ name: 'charged' }] }]
  ] as const)('refuses an equal record that says more: %s, or it were lost', (_, more, held) => {
    given([ex.imported(held)])
      .when(ex.importing(more))
      .thenRefused('ImportRefused')
    given([ex.reserved(), ...progressOf(held)])
      .when(ex.importing(more))
      .thenRefused('ImportRefused')
  })
  it('skips what it brought with a doubt and points, though both are over, and what says less', () => {
    const progress = { inDoubt: doubt, recoveryPoints: points }
    const over = [ex.imported(progress), ex.completedUnfenced()]
    for (const again of [progress, { inDoubt: doubt }, { recoveryPoints: points }, {}]) {
      given([ex.imported(progress)])
        .when(ex.importing(again))
        .thenAnswer({ _tag: 'Skipped', record: ex.recordForEver(progress) })
        .thenEvents([])
      given(over).when(ex.importing(again)).thenEvents([])
    }
  })
  it('skips a record in doubt where the ledger holds the same doubt and points of its own', () => {
    const progress = { inDoubt: { sinceMs: 1150 }, recoveryPoints: [{ name: 'charged' }] }
    given([ex.reserved(), ...progressOf(progress)])
      .when(ex.importing(progress))
      .thenEvents([])
  })
  it('names the record id, never the key', () => {
    const decision = decide(
      ex.importing({ owner: 'owner-9', key: 'very-secret' }) as Import,
      fold([{ ...ex.imported(), id: 'a' } as never]),
      { state: fold([]), epochs: new Map(), rejections: new Set() }
    )
    expect(decision).toMatchObject({ _tag: 'Refused', failure: { recordId: ex.recordId } })
    expect(JSON.stringify(decision)).not.toContain('very-secret')
  })
})
