import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { IdentifiedEvent } from '../../src/domain/events/ledger-event.ts'
import { fold } from '../../src/domain/evolve.ts'
import { foldVersion, stateOf } from '../../src/domain/snapshot.ts'
import { type State, unknownState } from '../../src/domain/state.ts'
import { arbitraryIllegalHistory } from '../arbitraries/event.ts'
import { arbitraryHistory } from '../arbitraries/history.ts'

const stored = (state: State): State | undefined => stateOf(JSON.parse(JSON.stringify({ foldVersion, state })))

const startsRecord = (event: IdentifiedEvent): event is IdentifiedEvent & { readonly type: 'Reserved' | 'Imported' } =>
  event.type === 'Reserved' || event.type === 'Imported'

describe('a backward reader', () => {
  it('may stop at any Reserved or Imported', () => {
    fc.assert(
      fc.property(arbitraryHistory, (events) => {
        for (const [index, event] of events.entries()) {
          if (!startsRecord(event)) continue
          const { earlier: known, ...rest } = fold(events)
          const { earlier, ...state } = fold(events.slice(index), unknownState)
          expect(state).toEqual(rest)
          // what was before it, it says not to know
          expect(earlier).toBe(event.data.epoch === 1 ? known : undefined)
        }
      }),
      { numRuns: 60 }
    )
  })
  it('may stop at a snapshot, wherever it stands, of whatever state', () => {
    fc.assert(
      fc.property(fc.oneof(arbitraryHistory, arbitraryIllegalHistory), fc.nat(), (events, at) => {
        const cut = at % (events.length + 1)
        const state = stored(fold(events.slice(0, cut)))
        expect(state && fold(events.slice(cut), state)).toEqual(fold(events))
      })
    )
  })
  it('finds a snapshot that says the same again when it is stored again', () => {
    fc.assert(
      fc.property(fc.oneof(arbitraryHistory, arbitraryIllegalHistory), (events) => {
        const once = stored(fold(events))
        expect(once).toEqual(fold(events))
        expect(JSON.stringify(once && stored(once))).toBe(JSON.stringify(once))
      })
    )
  })
})
