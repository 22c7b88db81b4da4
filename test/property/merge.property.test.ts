import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { afterEvents } from '../../src/domain/decide/decision.ts'
import type { LedgerEvent } from '../../src/domain/events/ledger-event.ts'
import { fold } from '../../src/domain/evolve.ts'
import * as merge from '../../src/domain/merge.ts'
import { arbitraryEvent, arbitraryIllegalHistory } from '../arbitraries/event.ts'
import { arbitraryHistory } from '../arbitraries/history.ts'

const arbitraryObservation = arbitraryEvent.filter(
  ({ type }) => type === 'DuplicateSeen' || type === 'ConflictRecorded'
)
const arbitraryRun = fc.array(fc.oneof({ weight: 6, arbitrary: arbitraryObservation }, arbitraryEvent), {
  maxLength: 15
})
const arbitraryState = fc.oneof(arbitraryHistory, arbitraryIllegalHistory).map((events) => fold(events))

const counted = (events: ReadonlyArray<LedgerEvent>): number =>
  events.reduce((sum, { data }) => sum + ('count' in data ? data.count : 0), 0)

const mergeNeighbours = merge.mergeNeighbours(merge.mergeTwo)

describe('mergeNeighbours', () => {
  it('leaves a stream in the state of the unmerged run', () => {
    fc.assert(
      fc.property(arbitraryState, arbitraryRun, (state, run) => {
        expect(afterEvents(state, mergeNeighbours(run))).toEqual(afterEvents(state, run))
      })
    )
  })
  it('keeps every other event, every count, and the first and last time', () => {
    fc.assert(
      fc.property(arbitraryRun, (run) => {
        const merged = mergeNeighbours(run)
        const others = (events: ReadonlyArray<LedgerEvent>) => events.filter(({ data }) => !('count' in data))
        expect(others(merged)).toEqual(others(run))
        expect(counted(merged)).toBe(counted(run))
        expect(merged.at(-1)?.data.atMs).toBe(run.at(-1)?.data.atMs)
        const [first] = run
        if (first !== undefined && 'firstAtMs' in first.data) {
          expect(merged[0]?.data).toHaveProperty('firstAtMs', first.data.firstAtMs)
        }
      })
    )
  })
  it('leaves nothing to merge, and merges no more the second time', () => {
    fc.assert(
      fc.property(arbitraryRun, (run) => {
        const merged = mergeNeighbours(run)
        expect(mergeNeighbours(merged)).toEqual(merged)
      })
    )
  })
  it('may merge piece by piece as well as at once', () => {
    fc.assert(
      fc.property(arbitraryRun, fc.nat({ max: 15 }), (run, cut) => {
        const pieces = [...mergeNeighbours(run.slice(0, cut)), ...mergeNeighbours(run.slice(cut))]
        expect(mergeNeighbours(pieces)).toEqual(mergeNeighbours(run))
      })
    )
  })
})
