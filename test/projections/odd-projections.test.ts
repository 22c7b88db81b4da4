import { describe, expect, it } from 'vitest'
import type { HistoryEntry } from '../../src/index.ts'
import { openSqliteViews, type Projection } from '../../src/projections.ts'
import { forbidUnhandledRejections } from '../support/eventstoredb.ts'
import { temporaryFile } from '../support/temporary-file.ts'
import { keys, reserveKeys, world } from './set-up.ts'

forbidUnhandledRejections()

type Odd = () => unknown

const throwing =
  (thrown: unknown): Odd =>
  () => {
    throw thrown
  }
const rejecting: Odd = async () => {
  throw new Error('late')
}
const plain = { name: 'odd', version: 1, initialState: 0 } as const

/** A projection of rows that are keys, which is odd at completions, in one of its functions. */
const odd = (where: string, how: Odd): Projection<number> => {
  const at = (entry: HistoryEntry, else_: unknown) => (entry.type === 'Completed' ? how() : else_)
  const evolve = (count: number, entry: HistoryEntry) => (where === 'evolve' ? at(entry, count + 1) : count + 1)
  const rowOf = (entry: HistoryEntry) => at(entry, entry.stream)
  // what the types do not allow is what it is about
  return { ...plain, evolve, ...(where === 'rowOf' && { rowOf }) } as Projection<number>
}

const causes: ReadonlyArray<readonly [string, Odd]> = [
  ['throws what has no text', throwing(Object.create(null))],
  ['throws a symbol', throwing(Symbol('mine'))],
  ['throws nothing', throwing(undefined)],
  ['throws an error whose message is no text', throwing(Object.assign(new Error(), { message: { odd: 1 } }))],
  [
    'throws an error whose message throws',
    throwing(Object.defineProperty(new Error(), 'message', { get: throwing(1) }))
  ],
  [
    'throws a proxy that throws',
    throwing(new Proxy({}, { getPrototypeOf: throwing(1) as () => null, get: throwing(1) }))
  ],
  ['is async, and rejects', rejecting]
]

const cases: ReadonlyArray<readonly [string, string, Odd]> = [
  ...causes.map(([says, how]) => ['evolve', says, how] as const),
  ...causes.map(([says, how]) => ['rowOf', says, how] as const),
  ['rowOf', 'gives true', () => true],
  ['rowOf', 'gives an object', () => ({})],
  ['rowOf', 'gives null', () => null],
  ['rowOf', 'gives a number', () => 7],
  ['rowOf', 'gives a symbol', () => Symbol('mine')],
  ['rowOf', 'is async', async () => 'row'],
  [
    'evolve',
    'gives a state that throws where it is read',
    () => Object.defineProperty({}, 'a', { enumerable: true, get: throwing(1) })
  ],
  ['evolve', 'gives a proxy that throws', () => new Proxy({}, { getPrototypeOf: throwing(1) as () => null })]
]

describe('a projection that is odd at an event', () => {
  it.each(cases)('has its key wait, and all others go on: %s %s', async (where, _, how) => {
    const views = await openSqliteViews({ file: temporaryFile('views.db') })
    const { ledger, projections } = await world({ views })
    const recordIds = await reserveKeys(ledger, ...keys(3))
    const projection = odd(where, how)
    const runner = projections.run(projection, { patienceMs: 0, lease: 'none' })
    const ended = runner.ended()
    expect(await Promise.race([projections.waitUntil('odd', 'end'), ended])).toBe(true)
    const parked = await projections.parked('odd')
    expect(parked.map(({ recordId, tag }) => [recordId, tag])).toEqual([[recordIds[1], 'Threw']])
    expect(parked[0]?.reason).toEqual(expect.any(String))
    expect((await projections.view(projection).page()).rows).toHaveLength(3)
    await runner.stop()
    expect(await projections.verify(projection)).toMatchObject({ parked: 1, difference: undefined })
  })
})

describe('a state of null', () => {
  it('is a state, and not that of a row that has none', async () => {
    const { ledger, projections } = await world({ views: await openSqliteViews({ file: temporaryFile('views.db') }) })
    const seen: Array<unknown> = []
    const [, recordId = ''] = await reserveKeys(ledger, ...keys(2))
    const projection: Projection<{ readonly a: number } | null> = {
      ...{ name: 'nulls', version: 1, initialState: { a: 1 } },
      evolve: (state, { type, stream }) => {
        if (stream.endsWith(recordId)) seen.push(type, state)
        return null
      }
    }
    await projections.rebuild(projection, { batchSize: 1 })
    await projections.rebuild(projection)
    expect(seen).toEqual(['Reserved', { a: 1 }, 'Completed', null, 'Reserved', { a: 1 }, 'Completed', null])
    expect(await projections.view(projection).get(recordId)).toBe(null)
    expect((await projections.view(projection).page()).rows).toHaveLength(2)
    expect(await projections.verify(projection)).toMatchObject({ rows: 2, difference: undefined })
  })
})
