import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import { maxNesting, maxValues, parseExactJson } from '../../../../src/adapters/exact-json/parse.ts'

const value = (text: string): unknown => {
  const parsed = parseExactJson(text)
  return E.isRight(parsed) ? parsed.right.value : parsed.left
}

const refusals: ReadonlyArray<readonly [text: string, path: string, why: RegExp]> = [
  ['9007199254740992', '$', /^the integer 9007199254740992 is beyond 2\^53 - 1 and would change/],
  ['-9007199254740992', '$', /^the integer -9007199254740992 is beyond/],
  ['{"a":[1,{"b c":18446744073709551615}]}', '$.a[1]["b c"]', /^the integer 18446744073709551615 is beyond/],
  [`{"n":${'9'.repeat(60)}}`, '$.n', /^the integer 9{40}… is beyond/],
  ['[1e400]', '$[0]', /^number out of range: 1e400/],
  ['[-1.5E+999]', '$[0]', /^number out of range/],
  ['{"a":"\\ud800"}', '$.a', /lone surrogate/],
  ['{"a":"\ud800"}', '$.a', /lone surrogate/],
  ['{"\\udc00":1}', '$', /lone surrogate/],
  ['"\u0007"', '$', /control character in a string must be escaped/],
  ['"tab\there"', '$', /control character/],
  ['{"a":"open', '$.a', /a string does not end/],
  ['"\\', '$', /an escape that JSON does not know/],
  ['"\\x41"', '$', /an escape that JSON does not know/],
  ['"\\u12"', '$', /\\u takes four hexadecimal digits/],
  ['"\\u12g4"', '$', /\\u takes four hexadecimal digits/],
  ['1 2', '$', /something follows the value/],
  ['{}{}', '$', /something follows the value/],
  ['', '$', /^not valid JSON/],
  [' \t\r\n', '$', /^not valid JSON/],
  ['\ufeff{}', '$', /^not valid JSON/],
  ['\u00a01', '$', /^not valid JSON/],
  ['{"a":1,}', '$', /^not valid JSON/],
  ['[1,]', '$[1]', /^not valid JSON/],
  ['[1 2]', '$', /^not valid JSON/],
  ['{"a" 1}', '$', /^not valid JSON/],
  ['{a:1}', '$', /^not valid JSON/],
  ["{'a':1}", '$', /^not valid JSON/],
  ['{"a":tru}', '$.a', /^not valid JSON/],
  ['nul', '$', /^not valid JSON/],
  ['NaN', '$', /^not valid JSON/],
  ['01', '$', /something follows/],
  ['-', '$', /^not valid JSON/],
  ['+1', '$', /^not valid JSON/],
  ['.5', '$', /^not valid JSON/],
  ['1.', '$', /^not valid JSON/],
  ['1e', '$', /^not valid JSON/],
  ['0x10', '$', /something follows/],
  ['/* */1', '$', /^not valid JSON/]
]

describe('what is refused', () => {
  for (const [text, path, why] of refusals) {
    it(`${JSON.stringify(text.slice(0, 40))} at ${path}`, () => {
      expect(value(text)).toEqual({ _tag: 'InvalidInput', path, message: expect.stringMatching(why) })
      expect(value(text)).toMatchObject({ message: expect.stringContaining(`(at ${path})`) })
    })
  }

  it('is named by the path of its place in a larger text', () => {
    expect(parseExactJson('{"n":[9007199254740993]}', { path: '$.records.x' })).toMatchObject({
      left: { path: '$.records.x.n[0]' }
    })
  })
})

describe('numbers', () => {
  it('are the doubles that they were written as', () => {
    expect(value('[0,-1,9007199254740991,-9007199254740991,1.5,1e3,1E-2,1.0,5e-324,0.1]')).toEqual([
      0, -1, 9007199254740991, -9007199254740991, 1.5, 1000, 0.01, 1, 5e-324, 0.1
    ])
  })
  it('may lie beyond the safe integers where the writer meant a double', () => {
    expect(value('[9007199254740993.0,1e300,18446744073709551615e0]')).toEqual([2 ** 53, 1e300, 2 ** 64])
  })
  it('have no negative zero, and underflow to zero', () => {
    expect(value('[-0,-0.0,1e-400,-1e-400]')).toEqual([0, 0, 0, 0])
  })
  it('are told where they are whole but were not written as integers', () => {
    const text = '{"a":1.0,"b":1,"c":1e3,"d":-0,"e":1.5,"f":[1.0],"g":{"h":2.0},"i":1.0,"i":1}'
    const parsed = parseExactJson(text, { integers: new Set('abcdefghi') })
    if (E.isLeft(parsed)) return expect.fail(parsed.left.message)
    const { value: object, floats } = parsed.right
    const inner = Object(object).g
    expect([...floats.keys()]).toEqual([object, inner])
    expect([...floats.values()].map((names) => [...names])).toEqual([['a', 'c', 'd'], ['h']])
  })
})

describe('many values', () => {
  it(`are read up to ${maxValues} of them, and refused beyond with the path of the first that is too many`, () => {
    const items = (count: number) => `[${Array(count).fill('0').join(',')}]`
    expect(E.isRight(parseExactJson(items(maxValues - 1)))).toBe(true)
    expect(value(items(maxValues))).toEqual({
      _tag: 'LimitExceeded',
      message: `more than ${maxValues} values in one text (at $[${maxValues - 1}])`,
      path: `$[${maxValues - 1}]`,
      limit: maxValues,
      size: maxValues + 1
    })
  })
})

describe('a refusal', () => {
  const name = 'n'.repeat(1_000_000)
  for (const text of [
    `{"${name}":x}`,
    `{"${name} ":x}`,
    `${`{"${name}":`.repeat(20)}x`,
    `{"a":${'1'.repeat(1_000_000)}}`
  ]) {
    it(`is short, whatever it quotes: ${text.slice(0, 3)}… of ${text.length}`, () => {
      const parsed = parseExactJson(text)
      if (E.isRight(parsed)) return expect.fail('it was read')
      expect(parsed.left.message.length).toBeLessThan(2000)
      expect(String(parsed.left.path).length).toBeLessThan(1500)
    })
  }
})

describe('members', () => {
  it('may be called as indexes are', () => {
    for (const text of [
      '{"1023":0,"5":1,"a":2}',
      '{"4294967294":0,"1023":1}',
      '{"1023":1,"4294967294":0}',
      '{"4294967295":0,"1023":1,"01":2,"-1":3,"0":4,"1.0":5}',
      '{"1023":1,"1023":2,"999999999":3,"1023":4}',
      '{"10":{"10":{"10":[]}}}'
    ]) {
      expect(JSON.stringify(value(text))).toBe(JSON.stringify(JSON.parse(text)))
    }
  })
  it('of one name: the last counts, in the place of the first', () => {
    expect(JSON.stringify(value('{"a":1,"b":2,"a":{"c":3}}'))).toBe('{"a":{"c":3},"b":2}')
  })
  it('are the object’s own, whatever they are called', () => {
    const object = value('{"__proto__":{"polluted":true},"constructor":1,"toString":2,"hasOwnProperty":3}')
    expect(Object.getPrototypeOf(object)).toBe(Object.prototype)
    expect(Object.keys(Object(object))).toEqual(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])
    expect(JSON.stringify(object)).toContain('"__proto__":{"polluted":true}')
    expect('polluted' in Object(object)).toBe(false)
    expect('polluted' in {}).toBe(false)
  })
  it('named __proto__ may come twice', () => {
    expect(JSON.stringify(value('{"__proto__":1,"__proto__":2}'))).toBe('{"__proto__":2}')
  })
})

describe('nesting', () => {
  const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`

  it(`goes ${maxNesting} levels deep, and no further`, () => {
    expect(E.isRight(parseExactJson(nested(maxNesting)))).toBe(true)
    expect(value(nested(maxNesting + 1))).toEqual({
      _tag: 'LimitExceeded',
      message: `nested more than 127 levels deep (at $${'[0]'.repeat(127)})`,
      path: `$${'[0]'.repeat(127)}`,
      limit: 127,
      size: 128
    })
  })
  it('counts what is around the text', () => {
    expect(E.isRight(parseExactJson(nested(maxNesting - 2), { within: 2 }))).toBe(true)
    expect(parseExactJson(nested(maxNesting - 1), { within: 2 })).toMatchObject({ left: { _tag: 'LimitExceeded' } })
  })
  it('that never ends is refused before it costs the stack', () => {
    expect(value('[{"a":'.repeat(500_000))).toMatchObject({ _tag: 'LimitExceeded' })
  })
})

describe('two members of one name', () => {
  const twice: ReadonlyArray<readonly [text: string, path: string, last: unknown]> = [
    ['{"a":1,"a":2}', '$.a', { a: 2 }],
    ['{"a":1,"\\u0061":2}', '$.a', { a: 2 }],
    ['[{"b c":{"d":1,"e":2,"d":3}}]', '$[0]["b c"].d', [{ 'b c': { d: 3, e: 2 } }]],
    ['{"":null,"":null}', '$[""]', { '': null }]
  ]
  for (const [text, path, last] of twice) {
    it(`are the last one, or refused where names are to be unique: ${text}`, () => {
      expect(value(text)).toEqual(last)
      expect(parseExactJson(text, { uniqueNames: true })).toEqual(
        E.left({ _tag: 'InvalidInput', path, message: `two members have the same name (at ${path})` })
      )
    })
  }
  it('are told from what only looks so: another object, another name, what every object inherits', () => {
    for (const text of ['[{"a":1},{"a":1}]', '{"a":{"a":1}}', '{"a":1,"A":1}', '{"toString":1,"constructor":2}']) {
      expect(parseExactJson(text, { uniqueNames: true })).toMatchObject({ right: { value: JSON.parse(text) } })
    }
  })
  it('are seen where the name is __proto__', () => {
    expect(parseExactJson('{"__proto__":1,"__proto__":2}', { uniqueNames: true })).toMatchObject({
      left: { path: '$.__proto__' }
    })
  })
})
