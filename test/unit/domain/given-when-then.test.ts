import { AssertionError } from 'node:assert/strict'
import { describe, expect, it } from 'vitest'
import { given } from '../../../src/testing/given-when-then.ts'
import * as ex from '../../arbitraries/examples.ts'

const done = ex.record({ status: 'completed', outcome: ex.outcome(), lastSeenAtMs: 1200 })

describe('given, when, then', () => {
  it('passes what holds, in any order and number', () => {
    given([ex.reserved()])
      .when(ex.complete())
      .thenEvents([ex.completed()])
      .thenAnswer({ _tag: 'Completed', record: done })
      .thenRecord(done)
    given([]).when(ex.complete()).thenRefused('UnknownClaim')
  })
  it('takes an absent field and an undefined one for the same', () => {
    given([ex.reserved()])
      .when(ex.complete())
      .thenAnswer({ _tag: 'Completed', record: { ...done, firstSeenEventId: undefined } })
  })
  it('fails another answer, a missing field, another event, another order', () => {
    const then = given([ex.reserved({ leaseExpiresAtMs: 1100 })]).when(ex.reserve())
    const { conflictCount: _, ...less } = done
    for (const wrong of [
      () => then.thenAnswer({ _tag: 'Duplicate', record: ex.record() }),
      () =>
        given([ex.reserved()])
          .when(ex.complete())
          .thenAnswer({ _tag: 'Completed', record: less as typeof done }),
      () => then.thenEvents([]),
      () => then.thenEvents([ex.expired('lease')]),
      () => then.thenEvents([ex.reservedAgain('lease'), ex.expired('lease')]),
      () => then.thenRecord(undefined)
    ]) {
      expect(wrong).toThrow(AssertionError)
    }
  })
  it('fails a refusal where an answer is expected, and says why', () => {
    const then = given([]).when(ex.complete())
    expect(() => then.thenEvents([])).toThrow(/refused with UnknownClaim/)
    expect(() => then.thenAnswer({ _tag: 'ClaimLost' })).toThrow(/refused with UnknownClaim/)
    expect(() => then.thenRecord(undefined)).toThrow(/refused with UnknownClaim/)
  })
  it('fails an answer where a refusal is expected, another tag and another path', () => {
    expect(() => given([]).when(ex.reserve()).thenRefused('UnknownClaim')).toThrow(AssertionError)
    expect(() => given([]).when(ex.complete()).thenRefused('InvalidInput')).toThrow(AssertionError)
    const far = given([]).when(ex.reserve({ lease: Number.MAX_SAFE_INTEGER }))
    expect(() => far.thenRefused('InvalidInput', '$.other')).toThrow(AssertionError)
  })
  it('fails at once on an event that no store of keyfold can hold', () => {
    expect(() => given([ex.reserved(), ex.duplicateSeen({ atMs: -1 })])).toThrow(/given event 1 .*\$\.atMs/)
  })
  it('hands decide the whole past', () => {
    given([ex.reserved(), ex.expired('lease'), ex.reservedAgain('lease')])
      .when(ex.release())
      .thenAnswer({ _tag: 'ClaimLost', record: ex.recordAgain() })
  })
})
