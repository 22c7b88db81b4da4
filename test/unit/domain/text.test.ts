import { describe, expect, it } from 'vitest'
import { isCategory, RecordId, streamName, streamPrefix } from '../../../src/domain/identity.ts'
import { after, Instant, latest, Millis } from '../../../src/domain/instant.ts'
import { lengthPrefixed, trimWhiteSpace, utf8Bytes } from '../../../src/domain/text.ts'
import * as ex from '../../arbitraries/examples.ts'

const everyCodeUnit = Array.from({ length: 0x1_0000 }, (_, unit) => unit)

describe('trimWhiteSpace', () => {
  it('cuts exactly Unicode White_Space', () => {
    const cut = everyCodeUnit.filter((unit) => trimWhiteSpace(String.fromCharCode(unit)) === '')
    const set = everyCodeUnit.filter((unit) => /^\p{White_Space}$/u.test(String.fromCharCode(unit)))
    expect(cut).toEqual(set)
    expect(cut).toHaveLength(25)
  })
  it('is another set than that of trim()', () => {
    expect(trimWhiteSpace('\u0085a\u0085')).toBe('a')
    expect('\u0085a\u0085'.trim()).toBe('\u0085a\u0085')
    expect(trimWhiteSpace('\ufeffa\ufeff')).toBe('\ufeffa\ufeff')
    expect('\ufeffa\ufeff'.trim()).toBe('a')
  })
  it.each(['\u180e', '\u200b', '\u200c', '\u200d', '\u2060', '\u0000', '\u001c', '\u001f', '\ud83d\ude00'])(
    'keeps %j, which looks like nothing and is something',
    (text) => {
      expect(trimWhiteSpace(text)).toBe(text)
    }
  )
  it('cuts both ends, all of it, and nothing within', () => {
    expect(trimWhiteSpace(' \t\u3000a \n b\u2028\u00a0\r')).toBe('a \n b')
    expect(trimWhiteSpace('')).toBe('')
    expect(trimWhiteSpace(' \u1680 ')).toBe('')
  })
})

describe('lengthPrefixed', () => {
  const hex = (...parts: ReadonlyArray<string>) => Buffer.from(lengthPrefixed(parts)).toString('hex')

  it('writes each part as its length in bytes, big-endian, and its bytes', () => {
    expect(hex()).toBe('')
    expect(hex('')).toBe('0000000000000000')
    expect(hex('a', '', 'é€😀')).toBe(`000000000000000161${'0'.repeat(16)}0000000000000009c3a9e282acf09f9880`)
  })
  it('writes lengths of more than a byte', () => {
    expect(hex('x'.repeat(0x1_0203)).slice(0, 16)).toBe('0000000000010203')
  })
})

describe('utf8Bytes', () => {
  it('counts bytes, not code units', () => {
    expect(['', 'a', 'é', '€', '😀'].map(utf8Bytes)).toEqual([0, 1, 2, 3, 4])
  })
})

describe('names', () => {
  it.each(['idempotency', 'A.b_9', '_'])('can be a category: %s', (category) => {
    expect(isCategory(category)).toBe(true)
  })
  it.each(['', 'a-b', '$a', 'a b', 'ä', 'a/b', 'a\n', 'a\n\n'])('cannot be a category: %j', (category) => {
    expect(isCategory(category)).toBe(false)
  })
  it('join category and record id', () => {
    expect(RecordId.is(ex.recordId)).toBe(true)
    if (RecordId.is(ex.recordId)) expect(streamName('c', ex.recordId)).toBe(`c-${ex.recordId}`)
    expect(streamPrefix('c')).toBe('c-idem_')
  })
  it.each(['', 'idem_', ex.recordId.toUpperCase(), `${ex.recordId}0`, `${ex.recordId}\n`, ex.recordId.slice(0, -1)])(
    'are no record id: %j',
    (text) => {
      expect(RecordId.is(text)).toBe(false)
    }
  )
})

describe('times', () => {
  it.each([0, 1, Number.MAX_SAFE_INTEGER])('are safe whole numbers: %d', (n) => {
    expect(Instant.is(n) && Millis.is(n)).toBe(true)
  })
  it.each([-1, 0.5, Number.MAX_SAFE_INTEGER + 1, Number.NaN, Number.POSITIVE_INFINITY, '1', null, 1n])(
    'are not: %s',
    (n) => {
      expect(Instant.is(n) || Millis.is(n)).toBe(false)
    }
  )
  it('add up within the safe integers only', () => {
    const from = Number.MAX_SAFE_INTEGER - 5
    if (!Instant.is(from)) throw new Error('unreachable')
    expect([5, 6].map((length) => (Millis.is(length) ? after(from, length) : 0))).toEqual([
      Number.MAX_SAFE_INTEGER,
      undefined
    ])
    expect(latest(from, from)).toBe(from)
  })
})
