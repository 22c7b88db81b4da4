import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import { sha256 } from '../../../../src/adapters/node/sha256.ts'
import { parseInline } from '../../../../src/application/projections/inline.ts'
import { type Projection, parseProjection } from '../../../../src/application/projections/projection.ts'

const plain: Projection<number> = { name: 'plain', version: 1, initialState: 0, evolve: (count) => count + 1 }

const throwing = {
  get name(): string {
    throw new Error('gone')
  }
}

describe('a projection that is given', () => {
  it.each([
    ['a getter', Object.defineProperty({ ...plain }, 'name', { get: () => throwing.name })],
    ['a proxy', new Proxy(plain, { get: () => throwing.name })]
  ])('is InvalidInput where it throws when it is read: %s', (_, given) => {
    expect(parseProjection(given)).toMatchObject({ left: { _tag: 'InvalidInput', path: '$' } })
    const reader = { sha256, category: 'idempotency', clock: () => 0 }
    expect(parseInline([given as Projection<unknown>], reader)).toMatchObject({
      left: { _tag: 'InvalidInput', path: '$.inline[0]' }
    })
  })
  it('is used as it was judged, whatever becomes of it', () => {
    let reads = 0
    const columns: { [name: string]: 'text' } = { owner: 'text' }
    const indexes = [['owner']]
    const changing = Object.defineProperty({ ...plain, columns, indexes }, 'name', {
      enumerable: true,
      get: () => (reads++ === 0 ? 'plain' : 'x"; DROP TABLE events; --')
    })
    const parsed = parseProjection(changing)
    columns['x"'] = 'text'
    indexes.push(['x"'])
    indexes[0]?.push('x"')
    expect(parsed).toMatchObject({ right: { name: 'plain', columns: { owner: 'text' }, indexes: [['owner']] } })
    if (E.isLeft(parsed)) throw new Error('it was refused')
    expect(Object.keys(parsed.right.columns ?? {})).toEqual(['owner'])
    expect(parsed.right.indexes).toEqual([['owner']])
  })
  it('keeps methods that go by the object that they are of', () => {
    class Counting implements Projection<number> {
      readonly name = 'counting'
      readonly version = 1
      readonly initialState = 0
      readonly #by = 2
      evolve(count: number): number {
        return count + this.#by
      }
    }
    const parsed = parseProjection<number, unknown>(new Counting())
    expect(E.isRight(parsed) && parsed.right.evolve(1, {} as never)).toBe(3)
  })
  it.each<[string, string, object]>([
    ['a type that no text can be made of', '$.columns', { columns: { a: Object.create(null) } }],
    ['a list with a type in it', '$.columns', { columns: { a: ['text'] } }],
    ['a list in place of a column', '$.indexes', { indexes: [[['owner']]] }],
    ['a column that throws as it becomes text', '$.indexes', { indexes: [[{ toString: () => throwing.name }]] }],
    ['a place in an index that nothing stands in', '$.indexes', { indexes: [Array(2)] }],
    ['an index over more columns than there may be', '$.indexes', { indexes: [Array(65).fill('owner')] }]
  ])('is refused where SQL could not be made of what it shows: %s', (_, path, odd) => {
    const given = { ...plain, columns: { owner: 'text' } as const, ...odd }
    expect(parseProjection(given)).toMatchObject({ left: { _tag: 'InvalidInput', path } })
  })
})
