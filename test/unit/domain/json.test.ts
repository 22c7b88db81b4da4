import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import { jsonFingerprint } from '../../../src/composition/hashing.ts'
import { canonicalJson, jsonFault } from '../../../src/domain/json.ts'

const canonical = (value: unknown) => E.toUnion(canonicalJson(value))
const nested = (depth: number): unknown => Array.from({ length: depth }).reduce<unknown>((inner) => [inner], 0)

/** RFC 8785, appendix B: the bits of a double, and how it is written. */
const numbers: ReadonlyArray<readonly [string, string]> = [
  ['0000000000000000', '0'],
  ['8000000000000000', '0'],
  ['0000000000000001', '5e-324'],
  ['8000000000000001', '-5e-324'],
  ['7fefffffffffffff', '1.7976931348623157e+308'],
  ['ffefffffffffffff', '-1.7976931348623157e+308'],
  ['4340000000000000', '9007199254740992'],
  ['c340000000000000', '-9007199254740992'],
  ['4430000000000000', '295147905179352830000'],
  ['44b52d02c7e14af5', '9.999999999999997e+22'],
  ['44b52d02c7e14af6', '1e+23'],
  ['44b52d02c7e14af7', '1.0000000000000001e+23'],
  ['444b1ae4d6e2ef4e', '999999999999999700000'],
  ['444b1ae4d6e2ef4f', '999999999999999900000'],
  ['444b1ae4d6e2ef50', '1e+21'],
  ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
  ['3eb0c6f7a0b5ed8d', '0.000001'],
  ['41b3de4355555553', '333333333.3333332'],
  ['41b3de4355555557', '333333333.33333343'],
  ['becbf647612f3696', '-0.0000033333333333333333'],
  ['43143ff3c1cb0959', '1424953923781206.2']
]

describe('canonicalJson, as in RFC 8785', () => {
  it('writes the sample of its section 3.2.2', () => {
    const sample = {
      numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '\u20ac$\u000f\u000aA\'\u0042\u0022\u005c\\"/',
      literals: [null, true, false]
    }
    expect(canonical(sample)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )
  })
  it('sorts keys by UTF-16 code units, as the sample of its section 3.2.3', () => {
    const keys = { '\u20ac': 5, '\r': 1, '\ufb33': 7, '1': 2, '\ud83d\ude00': 6, '\u0080': 3, '\u00f6': 4 }
    expect(canonical(keys)).toBe('{"\\r":1,"1":2,"\u0080":3,"ö":4,"€":5,"😀":6,"\ufb33":7}')
  })
  it.each(numbers)('writes the double %s as %s', (bits, text) => {
    expect(canonical(Buffer.from(bits, 'hex').readDoubleBE())).toBe(text)
  })
  it('sorts deep within, and keeps the order of arrays', () => {
    expect(canonical([{ b: 1, a: { d: [2, 1], c: null } }])).toBe('[{"a":{"c":null,"d":[2,1]},"b":1}]')
  })
  it('escapes as it must and no more', () => {
    expect(canonical('\b\t\n\f\r"\\/\u0000\u001f\u007f\u2028')).toBe(
      '"\\b\\t\\n\\f\\r\\"\\\\/\\u0000\\u001f\u007f\u2028"'
    )
  })
  it('sorts numbers among keys as text', () => {
    expect(canonical({ 10: 'a', 9: 'b', '': 'c' })).toBe('{"":"c","10":"a","9":"b"}')
  })
  it('keeps a key named __proto__, and objects without a prototype', () => {
    expect(canonical(JSON.parse('{"__proto__":1,"a":2}'))).toBe('{"__proto__":1,"a":2}')
    expect(canonical(Object.assign(Object.create(null), { b: 1, a: 2 }))).toBe('{"a":2,"b":1}')
  })
  it('writes what stands twice without being a cycle', () => {
    const shared = { a: 1 }
    expect(canonical([shared, shared])).toBe('[{"a":1},{"a":1}]')
  })
})

describe('canonicalJson, of what is no JSON', () => {
  const cyclic: { self?: unknown } = {}
  cyclic.self = [cyclic]

  it.each<readonly [string, unknown, string]>([
    ['NaN', { a: [1, Number.NaN] }, '$.a[1]'],
    ['Infinity', [Number.POSITIVE_INFINITY], '$[0]'],
    ['-Infinity', Number.NEGATIVE_INFINITY, '$'],
    ['undefined', { a: undefined }, '$.a'],
    ['undefined in an array', [undefined], '$[0]'],
    ['a hole in an array', Array(1), '$[0]'],
    ['a function', { 'a b': () => 1 }, '$["a b"]'],
    ['a symbol', [Symbol('s')], '$[0]'],
    ['a bigint', { n: 1n }, '$.n'],
    ['a lone surrogate', { a: '\ud800' }, '$.a'],
    ['a lone surrogate in a key', { a: { '\udc00': 1 } }, '$.a["\\udc00"]'],
    ['a Date', { at: new Date(0) }, '$.at'],
    ['a Map', [new Map()], '$[0]'],
    ['a boxed string', { s: new String('s') }, '$.s'],
    ['bytes', Buffer.from('a'), '$'],
    ['an instance', { e: new Error('x') }, '$.e'],
    ['its own toJSON', { toJSON: () => 1 }, '$.toJSON'],
    ['a cycle', cyclic, '$.self[0]']
  ])('names the path of %s', (_, value, path) => {
    expect(canonicalJson(value)).toMatchObject({ _tag: 'Left', left: { _tag: 'InvalidInput', path } })
    const result = canonicalJson(value)
    if (E.isLeft(result)) expect(result.left.message).toContain(path)
  })
  it('judges the first of several in the order of the keys', () => {
    expect(canonicalJson({ z: 1n, a: Number.NaN })).toMatchObject({ left: { path: '$.a' } })
  })
  it('takes the path to start from', () => {
    expect(canonicalJson([1n], '$.outcome.details')).toMatchObject({ left: { path: '$.outcome.details[0]' } })
  })
  it('bounds the depth', () => {
    expect(canonicalJson(nested(3), '$', 3)).toEqual(E.right('[[[0]]]'))
    expect(canonicalJson(nested(4), '$', 3)).toMatchObject({
      left: { _tag: 'LimitExceeded', limit: 3, size: 4, path: '$[0][0][0]' }
    })
    expect(E.isRight(canonicalJson(nested(1000)))).toBe(true)
    expect(canonicalJson(nested(100_000))).toMatchObject({ left: { _tag: 'LimitExceeded', limit: 1000 } })
  })
  it('bounds the values: what holds the same twice, on each of a hundred levels, has 2^100', () => {
    const doubled = Array.from({ length: 100 }).reduce<unknown>((one) => [one, one], 0)
    expect(canonicalJson(doubled)).toMatchObject({ left: { _tag: 'LimitExceeded', limit: 2 ** 22, size: 2 ** 22 + 1 } })
    expect(jsonFault(doubled)).toMatchObject({ _tag: 'LimitExceeded' })
  })
  it('bounds the text, be it of keys', () => {
    const long = 'x'.repeat(2 ** 20)
    const left = { _tag: 'LimitExceeded', limit: 2 ** 26, size: 2 ** 26 + 1 }
    expect(canonicalJson(Array(65).fill(long))).toMatchObject({ left: { ...left, path: '$[64]' } })
    expect(canonicalJson(Array(65).fill({ [long]: 0 }))).toMatchObject({ left })
    expect(E.isRight(canonicalJson(Array(64).fill(long)))).toBe(true)
  })
  it('reads each member once, and judges what it writes', () => {
    let reads = 0
    const value = {
      get a() {
        return reads++ === 0 ? 1 : undefined
      }
    }
    expect(canonical(value)).toBe('{"a":1}')
    expect(reads).toBe(1)
  })
  it('names the path of what throws when it is read', () => {
    const cause = new Error('no')
    const value = {
      b: [
        {
          get c() {
            throw cause
          }
        }
      ]
    }
    expect(canonicalJson(value)).toMatchObject({ left: { _tag: 'InvalidInput', path: '$.b[0].c', cause } })
  })
})

describe('jsonFingerprint', () => {
  it('is the same for every order of keys, and no other', () => {
    expect(jsonFingerprint({ a: 1, b: [2] })).toBe(jsonFingerprint({ b: [2], a: 1.0 }))
    expect(jsonFingerprint({ a: 1, b: [2] })).not.toBe(jsonFingerprint({ a: 1, b: [2, null] }))
    expect(jsonFingerprint(null)).toMatch(/^sha256:[0-9a-f]{64}$/)
  })
  it('throws what is no JSON, with its path', () => {
    expect(() => jsonFingerprint({ a: undefined })).toThrow(
      expect.objectContaining({ tag: 'InvalidInput', message: expect.stringContaining('$.a') })
    )
  })
})
