import { describe, expect, it } from 'vitest'
import { decider } from '../../../src/domain/decider.ts'
import { apply, evolve } from '../../../src/domain/evolve.ts'
import * as ex from '../../arbitraries/examples.ts'

describe('the decider, run in an event store of one’s own', () => {
  it('has three keys and nothing else', () => {
    expect(Object.keys(decider)).toEqual(['decide', 'evolve', 'initialState'])
  })
  it('folds what it decided, before the events have ids and after', () => {
    const decision = decider.decide(ex.reserve(), decider.initialState)
    if (decision._tag !== 'Decided') return expect.unreachable()
    const decided = decision.events.reduce(decider.evolve, decider.initialState)
    expect(decided).toMatchObject({ _tag: 'Held', record: { owner: 'owner-1', epoch: 1 } })
    expect(decision.events.reduce(apply, decider.initialState)).toEqual(decided)
    const read = decision.events.map((event, index) => ({ ...event, id: `event-${index}` }))
    expect(read.reduce(decider.evolve, decider.initialState)).toEqual({ ...decided, lastEventId: 'event-0' })
  })
  it('counts an event that is delivered twice once, and two that have no ids yet twice', () => {
    const decision = decider.decide(ex.reserve(), decider.initialState)
    if (decision._tag !== 'Decided') return expect.unreachable()
    const held = decision.events.reduce(decider.evolve, decider.initialState)
    const again = decider.decide(ex.reserve({ claimId: 'claim-3' }), held)
    if (again._tag !== 'Decided') return expect.unreachable()
    const [seen] = again.events
    if (seen?.type !== 'DuplicateSeen') return expect.unreachable()
    const twice = (event: typeof seen) => evolve(evolve(held, event), event)
    expect(twice({ ...seen, id: 'event-1' } as typeof seen)).toMatchObject({ record: { duplicateCount: 1 } })
    expect(twice(seen)).toMatchObject({ record: { duplicateCount: 2 } })
  })
})
