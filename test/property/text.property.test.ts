import * as fc from 'fast-check'
import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import { sha256 } from '../../src/adapters/node/sha256.ts'
import * as parse from '../../src/application/requests/text.ts'
import { defaultLimits } from '../../src/application/settings.ts'
import { fingerprintOf, RecordId, recordIdOf } from '../../src/domain/identity.ts'
import { canonicalJson, type Json } from '../../src/domain/json.ts'
import { lengthPrefixed, trimWhiteSpace, utf8Bytes } from '../../src/domain/text.ts'
import { arbitraryJson, arbitraryTenant, arbitraryText } from '../arbitraries/key.ts'

const canonical = (value: unknown): string => E.getOrElse(() => 'no JSON')(canonicalJson(value))

/** The same value with the keys of its objects the other way round. */
const reversed = (value: Json): Json => {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(reversed)
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, item]): [string, Json] => [key, reversed(item)])
      .reverse()
  )
}

const naive = (parts: ReadonlyArray<string>): Buffer =>
  Buffer.concat(
    parts.flatMap((part) => {
      const length = Buffer.alloc(8)
      length.writeBigUInt64BE(BigInt(Buffer.byteLength(part)))
      return [length, Buffer.from(part)]
    })
  )

const arbitraryPadded = fc.string({
  unit: fc.oneof(
    fc.constantFrom(' ', '\t', '\u0085', '\u00a0', '\u3000', '\ufeff', '\u200b', '\u2028', '\u180e'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 })
  ),
  maxLength: 10
})

describe('canonicalJson', () => {
  it('is the same for every order of keys', () => {
    fc.assert(
      fc.property(arbitraryJson, (value) => {
        expect(canonical(reversed(value))).toBe(canonical(value))
      })
    )
  })
  it('is JSON of the same value, and canonical already', () => {
    fc.assert(
      fc.property(arbitraryJson, (value) => {
        expect(JSON.parse(canonical(value))).toEqual(value)
        expect(canonical(JSON.parse(canonical(value)))).toBe(canonical(value))
      })
    )
  })
  it('tells different values apart', () => {
    fc.assert(
      fc.property(arbitraryJson, arbitraryJson, (a, b) => {
        const same = JSON.stringify(reversed(a)) === JSON.stringify(reversed(b))
        if (same) expect(canonical(a)).toBe(canonical(b))
        if (canonical(a) === canonical(b)) expect(a).toEqual(b)
      })
    )
  })
  it('never throws, whatever it is given', () => {
    fc.assert(
      fc.property(
        fc.anything({
          withBigInt: true,
          withDate: true,
          withMap: true,
          withNullPrototype: true,
          withSparseArray: true
        }),
        (value) => {
          const result = canonicalJson(value)
          if (E.isRight(result)) expect(JSON.parse(result.right)).toBeDefined()
          else expect(result.left.path).toMatch(/^\$/)
        }
      )
    )
  })
})

describe('trimWhiteSpace', () => {
  it('is what the Unicode property says', () => {
    fc.assert(
      fc.property(arbitraryPadded, (text) => {
        expect(trimWhiteSpace(text)).toBe(text.replace(/^\p{White_Space}+|\p{White_Space}+$/gu, ''))
      }),
      { numRuns: 500 }
    )
  })
})

describe('lengthPrefixed', () => {
  it('is what a naive writer writes', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 40 })), (parts) => {
        expect(Buffer.from(lengthPrefixed(parts)).equals(naive(parts))).toBe(true)
      })
    )
  })
  it('is the same in room that was used before, large enough or not', () => {
    const texts = fc.array(fc.oneof(fc.string({ unit: 'grapheme-ascii', maxLength: 40 }), arbitraryText))
    fc.assert(
      fc.property(texts, fc.nat(200), fc.nat(8), (parts, size, offset) => {
        const room = new Uint8Array(new ArrayBuffer(offset + size), offset).fill(0xff)
        expect(Buffer.from(lengthPrefixed(parts, room)).equals(naive(parts))).toBe(true)
      })
    )
  })
  it('tells parts apart, however they are cut', () => {
    fc.assert(
      fc.property(fc.array(arbitraryText), fc.array(arbitraryText), (a, b) => {
        const equal = fingerprintOf(sha256)(a) === fingerprintOf(sha256)(b)
        expect(equal).toBe(JSON.stringify(a) === JSON.stringify(b))
      })
    )
  })
})

describe('recordIdOf', () => {
  it('goes by org, workspace, deployment, operation and key, and by nothing else', () => {
    fc.assert(
      fc.property(arbitraryTenant, arbitraryText, arbitraryText, (tenant, operation, key) => {
        const id = recordIdOf(sha256)(tenant, operation, key)
        const { orgId, workspaceId, deploymentId } = tenant
        expect(RecordId.is(id)).toBe(true)
        expect(id).toBe(
          fingerprintOf(sha256)([orgId, workspaceId, deploymentId ?? '', operation, key]).replace('sha256:', 'idem_')
        )
      })
    )
  })
})

describe('text fields', () => {
  it('are within the limit by their UTF-8 bytes, whatever characters they are made of', () => {
    const limits = { ...defaultLimits, fieldBytes: 24 }
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (text) => {
        const size = Buffer.byteLength(text)
        expect(utf8Bytes(text)).toBe(size)
        expect(parse.text(limits, '$.note', text)).toMatchObject(
          size <= 24 ? E.right(text) : { left: { _tag: 'LimitExceeded', limit: 24, size } }
        )
      }),
      { numRuns: 300 }
    )
  })
  it('are well-formed, or refused', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0xd7f0, max: 0xe010 }), { maxLength: 6 }), (units) => {
        const text = String.fromCharCode(...units)
        const lone = /\p{Surrogate}/u.test(text)
        expect(E.isLeft(parse.text(defaultLimits, '$.note', text))).toBe(lone)
      })
    )
  })
})
