import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jsonText, plainJson } from '../../../../src/interfaces/cli/terminal/json-text.ts'
import {
  inertCell,
  printable,
  printableCell,
  printableMessage
} from '../../../../src/interfaces/cli/terminal/printable.ts'
import { rendered } from '../../../../src/interfaces/cli/terminal/render.ts'
import { fields, table } from '../../../../src/interfaces/cli/terminal/view.ts'

/** What docs/reference/cli.md tells a reader to do. */
const readBack = (shown: string): string =>
  shown.replace(/\\(?:u\{([0-9a-f]+)\}|u([0-9a-f]{4})|(.))/gsu, (_, astral, unit, other) => {
    const code = astral ?? unit
    if (code !== undefined) return String.fromCodePoint(Number.parseInt(code, 16))
    return { n: '\n', r: '\r', t: '\t' }[String(other)] ?? other
  })

/** Every kind of character that could deceive, among those of any kind. */
const texts = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 3 }),
      fc.constantFrom('\\', 'n', 'u{41}', 'u0041', ' ', '=', '+', '-', '@', '"', "'", '\t', '\r', '\n', '\u0301'),
      fc.constantFrom('\u200b', '\u00ad', '\u2060', '\ufe0f', '\u{e0001}', '\u{1d173}', '\u3164', '\u2800', '\ud800'),
      fc.constantFrom(
        '\u0000',
        '\u007f',
        '\u0085',
        '\u009b',
        '\u00a0',
        '\u2028',
        '\u202e',
        '\u2066',
        '\ufeff',
        '\ufff9'
      )
    ),
    { maxLength: 8 }
  )
  .map((parts) => parts.join(''))

const invisible = /(?! )[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/u

describe('a text in a cell', () => {
  it('shows every character, and is read back as what it was', () => {
    fc.assert(
      fc.property(texts, (text) => {
        for (const show of [printable, printableCell, inertCell]) {
          expect(show(text)).not.toMatch(invisible)
          expect(readBack(show(text))).toBe(text)
        }
      })
    )
  })
  it('looks like no other text', () => {
    const alike = [
      'a',
      'a\u200b',
      'a\u00ad',
      'a\ufe0f',
      'a ',
      ' a',
      'a\u00a0',
      'a\\u200b',
      'a\\',
      '\u0301a',
      'a\u{e0041}'
    ]
    expect(alike.map(printableCell)).toEqual([
      'a',
      'a\\u200b',
      'a\\u00ad',
      'a\\ufe0f',
      'a\\u0020',
      '\\u0020a',
      'a\\u00a0',
      'a\\\\u200b',
      'a\\\\',
      '\\u0301a',
      'a\\u{e0041}'
    ])
  })
  it('is no formula to a program for tables, nor the beginning of a quotation', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(inertCell(text)).not.toMatch(/^["=+\-@\t\r\s＝＋－＠]/)
      })
    )
    expect(['=1+1', '+49', '-1', '@sum', '"', '\t=1', ' =1'].map(inertCell)).toEqual([
      '\\=1+1',
      '\\+49',
      '\\-1',
      '\\@sum',
      '\\"',
      '\\t=1',
      '\\u0020=1'
    ])
  })
})

describe('plain output', () => {
  const plain = { form: 'plain', colour: false } as const
  it('leaves numbers that are ours as they are', () => {
    const views = [fields([['n', -5]]), fields([['t', '-5']]), table(['a', 'b'], [[-1, '-1']])]
    expect([...rendered({ json: {}, views }, plain)].join('')).toBe('n\t-5\nt\t\\-5\na\tb\n-1\t\\-1\n')
  })
})

describe('a message', () => {
  it('is short and on one line, whatever it quotes', () => {
    expect(printableMessage('\n'.repeat(1e6)).length).toBeLessThan(2100)
    expect(printableMessage('a\\b\u009bc')).toBe('a\\\\b\\u009bc')
  })
})

describe('JSON that is written', () => {
  it('is equal to what it was, and holds nothing that misleads', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const json = jsonText({ [text]: [text] })
        expect(JSON.parse(json)).toEqual({ [text]: [text] })
        expect(json).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u)
      })
    )
  })
  it('has the escapes of JSON, for both halves of a pair', () => {
    expect(jsonText('\u2028\u2029\u0085\u009b\u202e\u{e0001}é😀')).toBe(
      '"\\u2028\\u2029\\u0085\\u009b\\u202e\\udb40\\udc01é😀"'
    )
  })
  it('keeps its own line ends and spaces', () => {
    expect(plainJson('{\n  "a": 1\n}')).toBe('{\n  "a": 1\n}')
  })
})
