import fc from 'fast-check'
import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import { parseExactJson } from '../../../../src/adapters/exact-json/parse.ts'

/** In the ledger −0 is 0. */
const plain = (_: string, value: unknown): unknown => (value === 0 ? 0 : value)

const value = (text: string): unknown => {
  const parsed = parseExactJson(text)
  return E.isRight(parsed) ? parsed.right.value : undefined
}

const isWellFormed = (text: string): boolean => text.isWellFormed()

/** Values whose numbers are no exotic ones, and whose strings are well-formed. */
const number = fc.oneof(fc.maxSafeInteger(), fc.double({ noNaN: true, min: -1e15, max: 1e15 }))
const key = fc.oneof(
  fc.string({ unit: 'binary' }).filter(isWellFormed),
  fc.constantFrom('__proto__', 'constructor', '', 'a')
)
const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    number,
    fc.boolean(),
    fc.constant(null),
    key,
    fc.array(tie('json'), { maxLength: 4 }),
    fc.array(fc.tuple(key, tie('json')), { maxLength: 4 }).map((members) => Object.fromEntries(members))
  )
}))

/** Values as JSON text, indented or not, with some characters changed, dropped or doubled. */
const nearlyJson = fc
  .tuple(
    json,
    fc.nat(2),
    fc.array(fc.tuple(fc.nat(), fc.nat(2), fc.constantFrom(...'{}[]",:\\0-.eE1tfnu \n\u2028')), { maxLength: 2 })
  )
  .map(([given, indent, changes]) =>
    changes.reduce(
      (text, [at, dropped, added]) => {
        const cut = at % (text.length + 1)
        return text.slice(0, cut) + added + text.slice(cut + dropped)
      },
      JSON.stringify(given, null, indent)
    )
  )

/** What the exact reader refuses on purpose, and JSON.parse takes. */
const isRefusedOnPurpose = (text: string): boolean => {
  const parsed = parseExactJson(text)
  return E.isLeft(parsed) && /would change|out of range|lone surrogate|levels deep/.test(parsed.left.message)
}

/** A name as a path shows it: what nobody would see, or what turns a line around, as an escape. */
const shown = (name: string): string =>
  Array.from(JSON.stringify(name), (character) =>
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(character)
      ? character
          .split('')
          .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
          .join('')
      : character
  ).join('')

const byJsonParse = (text: string): unknown => {
  try {
    return JSON.parse(text, plain)
  } catch {
    return undefined
  }
}

describe('the exact reader', () => {
  it('reads back what JSON.stringify wrote, its members in their order', () => {
    fc.assert(
      fc.property(json, fc.nat(3), (given, indent) => {
        const text = JSON.stringify(given, null, indent)
        expect(JSON.stringify(value(text))).toBe(JSON.stringify(JSON.parse(text), plain))
      }),
      { numRuns: 500 }
    )
  })

  it('takes what JSON.parse takes, to the same value, but for what it refuses on purpose', () => {
    fc.assert(
      fc.property(nearlyJson, (text) => {
        if (!isRefusedOnPurpose(text)) expect(value(text)).toEqual(byJsonParse(text))
      }),
      { numRuns: 2000 }
    )
  })

  it('never alters an integer: it is the same text again, or refused', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }), (integer) => {
        const parsed = parseExactJson(`{"n":${integer}}`)
        const isSafe = integer <= BigInt(Number.MAX_SAFE_INTEGER) && integer >= BigInt(Number.MIN_SAFE_INTEGER)
        expect(E.isRight(parsed)).toBe(isSafe)
        if (E.isRight(parsed)) expect(JSON.stringify(parsed.right.value)).toBe(`{"n":${integer}}`)
      })
    )
  })

  it('gives the path of what it refuses, wherever that stands', () => {
    const step = fc.oneof(fc.nat(3), key)
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 6 }), (steps) => {
        const text = steps.reduceRight<string>(
          (inner, one) =>
            typeof one === 'number' ? `[${'0,'.repeat(one)}${inner}]` : `{${JSON.stringify(one)}:${inner}}`,
          '9007199254740993'
        )
        const path = steps.reduce<string>((before, one) => {
          if (typeof one === 'number') return `${before}[${one}]`
          return /^[A-Za-z_$][A-Za-z0-9_$]*$/.test(one) ? `${before}.${one}` : `${before}[${shown(one)}]`
        }, '$')
        expect(parseExactJson(text)).toMatchObject({ left: { path } })
      }),
      { examples: [[['\u{13430}', '__proto__', 'a\u2028']]] }
    )
  })
})
