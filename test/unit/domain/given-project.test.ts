import { AssertionError } from 'node:assert/strict'
import { describe, expect, it } from 'vitest'
import type { Projection } from '../../../src/projections.ts'
import { given } from '../../../src/testing/given-when-then.ts'
import * as ex from '../../arbitraries/examples.ts'

type Row = { seen: number; note?: string | undefined }

const counts: Projection<Row> = {
  name: 'counts',
  version: 1,
  initialState: { seen: 0 },
  rowOf: ({ type }) => (type === 'Expired' ? undefined : type),
  evolve: ({ seen }) => ({ seen: seen + 1, note: undefined })
}

const events = [ex.reserved(), ex.completed()]

describe('given events, a projection', () => {
  it('shows its rows, with absent and undefined members alike', () => {
    given(events)
      .project(counts)
      .thenView({ Reserved: { seen: 1 }, Completed: { seen: 1, note: undefined } })
      .thenRow('Reserved', { seen: 1 })
      .thenRow('Expired', undefined)
    given([]).project(counts).thenView({})
  })
  it('fails another row, a missing one, and one too many', () => {
    const then = given(events).project(counts)
    for (const wrong of [
      () => then.thenView({ Reserved: { seen: 1 } }),
      () => then.thenView({ Reserved: { seen: 1 }, Completed: { seen: 2 } }),
      () => then.thenRow('Reserved', undefined),
      () => then.thenRow('Other', { seen: 1 })
    ]) {
      expect(wrong).toThrow(AssertionError)
    }
  })
  it.each([
    ['throws', () => expect.fail('no')],
    ['makes a state that is no JSON', () => ({ seen: Number.NaN })],
    [
      'changes a state in place',
      (state: Row) => {
        state.seen++
        return state
      }
    ]
  ])('fails one that %s', (_, evolve) => {
    const again = [ex.reserved(), ex.completed()]
    expect(() => given(again).project({ ...counts, rowOf: () => 'row', evolve })).toThrow()
  })
})
