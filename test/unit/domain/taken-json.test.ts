import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import { takenJson } from '../../../src/domain/taken-json.ts'

const taken = (value: unknown, within = {}) => E.toUnion(takenJson(value, '$', within))

const throwing = (cause: unknown) => ({
  get it(): never {
    throw cause
  }
})

describe('what somebody hands over to be kept as JSON', () => {
  it.each<[string, unknown]>([
    ['plain values', { a: [1, 'x', null, true, -0.5], b: { c: '' } }],
    ['a member that is undefined', { a: undefined, b: { c: undefined, d: 1 } }],
    ['an item that is undefined', [undefined, [undefined, 1]]],
    ['a list with holes', Object.assign(Array(3), { 1: 'x' })],
    ['a Date', { at: new Date(7), list: [new Date(0)] }],
    ['a Date that is none', new Date(Number.NaN)],
    ['a URL', { url: new URL('https://example.org/a') }],
    ['a Buffer', Buffer.from('ab')],
    ['a toJSON of its own', { toJSON: () => ({ a: 1 }) }],
    ['a toJSON that gives undefined', { a: { toJSON: () => undefined }, b: [{ toJSON: () => undefined }] }],
    [
      'a toJSON of a class',
      new (class Money {
        #cents = 5n
        toJSON() {
          return `${this.#cents}`
        }
      })()
    ],
    ['a function with a toJSON', { f: Object.assign(() => 1, { toJSON: () => 'f' }) }],
    ['a toJSON that is no function', { toJSON: 'text' }],
    ['what a toJSON gives has another one', { toJSON: () => ({ toJSON: () => 'not asked', a: { toJSON: () => 2 } }) }],
    ['minus zero', [-0]],
    ['an object without a prototype', Object.assign(Object.create(null), { a: 1 })],
    ['a key named __proto__', JSON.parse('{"__proto__":{"a":1}}')],
    ['the same object twice', ((one) => [one, one])({ a: 1 })],
    ['keys that are symbols', { [Symbol('s')]: 1, a: 2 }]
  ])('is taken as JSON.stringify takes it: %s', (_, value) => {
    expect(taken(value)).toStrictEqual(JSON.parse(JSON.stringify(value)))
  })
  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['a toJSON that gives undefined', { toJSON: () => undefined }]
  ])('is nothing at all: %s', (_, value) => {
    expect(takenJson(value, '$')).toStrictEqual(E.right(undefined))
  })
  it('asks each toJSON once, with the key that led to it', () => {
    const keys: Array<unknown> = []
    const asked = {
      toJSON(...args: ReadonlyArray<unknown>) {
        keys.push(args, this === asked)
        return 1
      }
    }
    expect(taken({ a: asked, list: [0, asked] })).toEqual({ a: 1, list: [0, 1] })
    expect(taken(asked)).toBe(1)
    expect(keys).toEqual([['a'], true, ['1'], true, [''], true])
  })
  it('reads each member once, so that what was judged is what is kept', () => {
    let reads = 0
    const shifting = {
      get a() {
        return ++reads === 1 ? 'first' : 1n
      }
    }
    expect(taken(shifting)).toEqual({ a: 'first' })
    expect(reads).toBe(1)
  })
  it('is a copy', () => {
    const given = { list: [{ a: 1 }] }
    const copy = taken(given)
    given.list[0] = { a: 2 }
    expect(copy).toEqual({ list: [{ a: 1 }] })
  })

  const cyclic: { a: { b?: unknown } } = { a: {} }
  cyclic.a.b = cyclic
  const giver: { toJSON: () => unknown; me?: unknown } = { toJSON: () => ({ inner: giver }) }

  it.each<[string, unknown, string, RegExp?]>([
    ['NaN', [Number.NaN], '$[0]', /NaN/],
    ['Infinity', { a: Number.NEGATIVE_INFINITY }, '$.a', /-Infinity/],
    ['a bigint', { n: 1n }, '$.n', /bigint/],
    ['a symbol', { n: Symbol('x') }, '$.n', /symbol/],
    ['a function', [[() => 1]], '$[0][0]', /function/],
    ['a lone surrogate', { a: 'x\ud800' }, '$.a', /lone surrogate/],
    ['a lone surrogate in a key', { '\udc00': 1 }, '$["\\udc00"]', /key/],
    ['a cycle', cyclic, '$.a.b', /cycle/],
    ['a Map', { m: new Map() }, '$.m', /Object\.fromEntries/],
    ['a Set', { m: new Set() }, '$.m', /\[\.\.\.set\]/],
    ['an Error', { e: new TypeError('x') }, '$.e', /name and message/],
    ['a promise', { p: Promise.resolve(1) }, '$.p', /await/],
    ['bytes', { b: new Uint8Array(2) }, '$.b', /base64/],
    ['an object of a class', { o: new (class Order {})() }, '$.o', /toJSON/],
    ['what a toJSON gives', { o: { toJSON: () => ({ n: 1n }) } }, '$.o.n', /bigint/]
  ])('is refused with its path where JSON cannot hold it: %s', (_, value, path, why) => {
    const fault = taken(value)
    expect(fault).toMatchObject({ _tag: 'InvalidInput', path })
    expect(fault).toMatchObject({ message: expect.stringMatching(why ?? /./) })
  })
  it.each<[string, (cause: unknown) => unknown, string]>([
    ['a getter', (cause) => ({ a: throwing(cause) }), '$.a.it'],
    ['a toJSON', (cause) => [{ toJSON: () => throwing(cause).it }], '$[0]'],
    [
      'a proxy',
      (cause) => ({
        p: new Proxy(
          {},
          {
            ownKeys: () => {
              throw cause
            }
          }
        )
      }),
      '$.p'
    ]
  ])('is refused with its path where it throws: %s', (_, make, path) => {
    const cause = new Error('no')
    expect(taken(make(cause))).toMatchObject({ _tag: 'InvalidInput', path, cause })
  })
  it('is refused where it is too deep, be it by what toJSON gives without end', () => {
    expect(taken([[[]]], { maxDepth: 2 })).toMatchObject({ _tag: 'LimitExceeded', path: '$[0][0]', limit: 2, size: 3 })
    expect(taken([[]], { maxDepth: 2 })).toEqual([[]])
    expect(taken(giver, { maxDepth: 5 })).toMatchObject({ _tag: 'LimitExceeded', limit: 5 })
  })
  it('is refused where it holds the same again and again: 2^100 values are never walked', () => {
    const doubled = Array.from({ length: 100 }).reduce<unknown>((one) => [one, one], 0)
    expect(taken(doubled, { maxValues: 1000 })).toMatchObject({ _tag: 'LimitExceeded', limit: 1000, size: 1001 })
    expect(taken(Array(2 ** 31), { maxValues: 1000 })).toMatchObject({ _tag: 'LimitExceeded' })
  })
})
