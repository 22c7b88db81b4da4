import { AssertionError } from 'node:assert/strict'
import { describe, expect, it } from 'vitest'
import type { Projection } from '../../../src/projections.ts'
import { projected } from '../../../src/testing/given-project.ts'
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
  it('hands each event on as recorded at the moment of its command', () => {
    const times: Projection<number> = {
      ...{ name: 'times', version: 1, initialState: 0 },
      rowOf: ({ type }) => type,
      evolve: (_, { recordedAtMs }) => recordedAtMs
    }
    const [reserved, completed] = [ex.reserved(), ex.completed()]
    given([reserved, completed])
      .project(times)
      .thenView({ Reserved: reserved.data.atMs, Completed: completed.data.atMs })
  })
  it('looks at each event a few times, however many there are', () => {
    let reads = 0
    const many = Array.from({ length: 300 }, (_, n) => ({
      ...ex.reserved(),
      get id() {
        reads++
        return `${n}`
      }
    }))
    projected(counts, many as never).thenRow('Reserved', { seen: 300 })
    expect(reads).toBeLessThan(300 * 20)
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
