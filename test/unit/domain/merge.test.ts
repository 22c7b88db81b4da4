import { describe, expect, it } from 'vitest'
import type { LedgerEvent } from '../../../src/domain/events/ledger-event.ts'
import { mergeNeighbours, mergeTwo } from '../../../src/domain/merge.ts'
import type { Plain } from '../../../src/domain/plain.ts'
import * as ex from '../../arbitraries/examples.ts'
import { deepFreeze } from '../../arbitraries/freeze.ts'

const events = (...plain: ReadonlyArray<Plain<LedgerEvent>>) => deepFreeze(plain) as ReadonlyArray<LedgerEvent>
const merged = (...plain: ReadonlyArray<Plain<LedgerEvent>>) => mergeNeighbours(mergeTwo)(events(...plain))

describe('mergeNeighbours', () => {
  it('merges duplicates: first time of the first, last of the last, all counted, owners once each', () => {
    expect(
      merged(
        ex.duplicateSeen({ atMs: 1300, owners: ['a', 'b'], count: 2 }),
        ex.duplicateSeen({ atMs: 1250, owners: ['b'] }),
        ex.duplicateSeen({ atMs: 1280, owners: ['c', 'a'], count: 3 })
      )
    ).toEqual([ex.duplicateSeen({ firstAtMs: 1300, atMs: 1280, owners: ['a', 'b', 'c'], count: 6 })])
  })
  it('merges conflicts of one fingerprint only', () => {
    const other = ex.conflictRecorded({ requestFingerprint: 'fp-3' })
    expect(merged(ex.conflictRecorded({ atMs: 1100 }), ex.conflictRecorded(), other)).toEqual([
      ex.conflictRecorded({ firstAtMs: 1100, count: 2 }),
      other
    ])
  })
  it('merges nothing across another event', () => {
    const run = [ex.duplicateSeen(), ex.conflictRecorded(), ex.duplicateSeen(), ex.completed(), ex.duplicateSeen()]
    expect(merged(...run)).toEqual(run)
    const conflicts = [
      ex.conflictRecorded(),
      ex.conflictRecorded({ requestFingerprint: 'fp-3' }),
      ex.conflictRecorded()
    ]
    expect(merged(...conflicts)).toEqual(conflicts)
  })
  it('names at most sixteen owners, and counts all', () => {
    const run = Array.from({ length: 20 }, (_, index) => ex.duplicateSeen({ owners: [`owner-${index}`] }))
    expect(merged(...run)).toEqual([
      ex.duplicateSeen({ count: 20, owners: Array.from({ length: 16 }, (_, index) => `owner-${index}`) })
    ])
  })
  it('has nothing to merge in nothing', () => {
    expect(merged()).toEqual([])
  })
})

describe('mergeTwo', () => {
  it.each([
    ex.reserved(),
    ex.completed(),
    ex.expired('released'),
    ex.leaseRenewed(),
    ex.completionRejected(),
    ex.imported()
  ])('never merges two of $type', (event) => {
    const [a, b] = events(event, event)
    expect(a && b && mergeTwo(a, b)).toBeUndefined()
  })
})
