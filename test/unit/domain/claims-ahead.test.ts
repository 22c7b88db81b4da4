import { describe, expect, it } from 'vitest'
import type { Command } from '../../../src/domain/commands.ts'
import { decide } from '../../../src/domain/decide/decide.ts'
import type { IdentifiedEvent, LedgerEvent } from '../../../src/domain/events/ledger-event.ts'
import { fold } from '../../../src/domain/evolve.ts'
import { extendPast, noPast } from '../../../src/domain/past.ts'
import type { Plain } from '../../../src/domain/plain.ts'
import { initialState } from '../../../src/domain/state.ts'
import * as ex from '../../arbitraries/examples.ts'

const stream = (...events: ReadonlyArray<Plain<LedgerEvent>>): ReadonlyArray<IdentifiedEvent> =>
  events.map((event, index) => ({ ...(event as LedgerEvent), id: `event ${index}` }))

const ahead = { holder: ex.holderOf(3, 'claim-3') }

describe('a claim of a later epoch than the state', () => {
  it.each([
    ['complete', ex.complete(ahead)],
    ['release', ex.release(ahead)],
    ['renew', ex.renew(ahead)]
  ])('is refused, and the epoch is named that a state would have reached which is not behind: %s', (_, command) => {
    const events = stream(ex.reserved(), ex.expired('released'))
    const refused = { _tag: 'Refused', failure: { _tag: 'UnknownClaim' }, unreached: 3 }
    expect(decide(command as Command, initialState)).toMatchObject(refused)
    expect(decide(command as Command, fold(events))).toMatchObject(refused)
    // the whole past tells no more of it
    expect(decide(command as Command, fold(events), extendPast(noPast, events))).toMatchObject(refused)
  })

  it('is the only one that a state which is behind may refuse', () => {
    const held = fold(stream(ex.reserved()))
    for (const holder of [ex.holderOf(1, 'forged'), ex.holderOf(0, 'forged')]) {
      const refused = decide(ex.release({ holder }) as Command, held)
      expect(refused).toMatchObject({ _tag: 'Refused', failure: { _tag: 'UnknownClaim' } })
      expect(refused).not.toHaveProperty('unreached')
    }
  })
})
