import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { illegality, isMidTakeover } from '../../src/domain/audit/legal-transitions.ts'
import { apply, fold } from '../../src/domain/evolve.ts'
import type { State } from '../../src/domain/state.ts'
import { arbitraryIllegalHistory } from '../arbitraries/event.ts'
import { arbitraryHistory, arbitraryPlayed } from '../arbitraries/history.ts'
import { illegalities } from '../arbitraries/legal.ts'

const reserved = { type: 'Reserved', data: {} } as never

/** What the second writing of the rules says of one event; that a lease is taken over it tells by the event after it. */
const faultsOf = (state: State, event: Parameters<typeof apply>[1]): ReadonlyArray<string> => {
  const { type } = event
  const isLease = type === 'Expired' && event.data.reason === 'lease'
  if (isLease) return illegalities(state, [event, reserved]).filter((fault) => fault.startsWith('Expired'))
  return illegalities(state, [event])
}

describe('the legal transitions', () => {
  it('are all that decide writes, and a stream is never left amid a takeover', () => {
    fc.assert(
      fc.property(arbitraryPlayed, ({ steps }) => {
        for (const { before, written, after } of steps) {
          let { state } = before
          for (const event of written) {
            expect(illegality(state, event)).toBeUndefined()
            state = apply(state, event)
          }
          expect(isMidTakeover(after.state)).toBe(false)
        }
      })
    )
  })

  it('refuse what the rules as they are written down a second time refuse, and nothing else', () => {
    let [legal, illegal] = [0, 0]
    fc.assert(
      fc.property(arbitraryHistory, arbitraryIllegalHistory, (history, events) => {
        const state = fold(history)
        for (const event of [...events, ...history]) {
          const faults = faultsOf(state, event)
          if (faults.length === 0) legal++
          else illegal++
          expect({ event, faults, refused: illegality(state, event) !== undefined }).toEqual({
            event,
            faults,
            refused: faults.length > 0
          })
        }
      })
    )
    expect(legal).toBeGreaterThan(50)
    expect(illegal).toBeGreaterThan(500)
  })

  it('let nothing but a Reserved follow on the end of a lease', () => {
    fc.assert(
      fc.property(arbitraryHistory, (history) => {
        for (const [index, event] of history.entries()) {
          const state = fold(history.slice(0, index))
          if (isMidTakeover(state)) expect(event.type).toBe('Reserved')
          else continue
          for (const other of history) {
            if (other.type !== 'Reserved') expect(illegality(state, other)).toMatchObject({ kind: 'transition' })
          }
        }
      })
    )
  })
})
