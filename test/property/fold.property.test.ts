import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evolve, fold } from '../../src/domain/evolve.ts'
import { epochOf, recordOf, State } from '../../src/domain/state.ts'
import { arbitraryEvent, arbitraryIllegalHistory } from '../arbitraries/event.ts'
import { deepFreeze } from '../arbitraries/freeze.ts'
import { arbitraryHistory } from '../arbitraries/history.ts'

const arbitraryAny = fc.oneof(arbitraryHistory, arbitraryIllegalHistory)

describe('fold', () => {
  it('goes on from where it stopped: fold(a ++ b) is fold(b) from fold(a)', () => {
    fc.assert(
      fc.property(arbitraryAny, fc.nat(), (events, at) => {
        const cut = at % (events.length + 1)
        expect(fold(events.slice(cut), fold(events.slice(0, cut)))).toEqual(fold(events))
      })
    )
  })
  it('goes on from any state, legal or not', () => {
    fc.assert(
      fc.property(arbitraryAny, arbitraryAny, (a, b) => {
        expect(fold([...a, ...b])).toEqual(fold(b, fold(a)))
      })
    )
  })
})

describe('evolve', () => {
  it('never throws, never mutates, and yields a state that a snapshot can hold', () => {
    fc.assert(
      fc.property(arbitraryAny, (events) => {
        for (const event of deepFreeze(events)) deepFreeze(event)
        const last = events.reduce((state, event) => deepFreeze(evolve(state, event)), deepFreeze(fold([])))
        expect(State.is(last)).toBe(true)
      })
    )
  })
  it('is a function: the same again for the same', () => {
    fc.assert(
      fc.property(arbitraryAny, arbitraryEvent, (events, event) => {
        const state = fold(events)
        expect(evolve(state, { ...event, id: 'next' })).toEqual(evolve(state, { ...event, id: 'next' }))
      })
    )
  })
  it('never takes the epoch back', () => {
    fc.assert(
      fc.property(arbitraryIllegalHistory, arbitraryEvent, (events, event) => {
        const state = fold(events)
        expect(epochOf(evolve(state, { ...event, id: 'next' }))).toBeGreaterThanOrEqual(epochOf(state))
      })
    )
  })
  it('yields the very same state for an event with the id of the one before it', () => {
    fc.assert(
      fc.property(arbitraryIllegalHistory, arbitraryEvent, arbitraryEvent, (events, one, two) => {
        const state = fold([...events, { ...one, id: 'same' }])
        expect(evolve(state, { ...two, id: 'same' })).toBe(state)
      })
    )
  })
  it('lists every conflicting fingerprint once, at most a hundred, and only conflicts that are counted', () => {
    fc.assert(
      fc.property(arbitraryHistory, (events) => {
        const record = recordOf(fold(events))
        const brought = events.findLast(({ type }) => type === 'Reserved' || type === 'Imported')
        if (record === undefined || brought?.type !== 'Reserved') return
        const { conflictFingerprints, conflictCount } = record
        expect(new Set(conflictFingerprints).size).toBe(conflictFingerprints.length)
        expect(conflictFingerprints.length).toBeLessThanOrEqual(Math.min(100, conflictCount))
        expect(conflictFingerprints).not.toContain(record.requestFingerprint)
      })
    )
  })
})
