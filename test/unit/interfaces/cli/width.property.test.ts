import fc from 'fast-check'
import { expect, it } from 'vitest'
import { cut, widthOf } from '../../../../src/interfaces/cli/terminal/width.ts'

const whole = new Intl.Segmenter(undefined, { granularity: 'grapheme' })
const pieces = fc.array(
  fc.constantFrom('a', ' ', '漢', '\u0301', '\u200d', '👩‍👧', '🇩🇪', '\ud83d', '한', 'é', '…', '\u200b'),
  { minLength: 200, maxLength: 600, size: 'max' }
)
// longer than a piece, and made of what goes on across the ends of pieces; no character is as long as a piece
const texts = pieces
  .map((all) => all.join(''))
  .filter((text) => [...whole.segment(text)].every(({ segment }) => segment.length < 200))

it('sees the characters of a text in pieces as in one', () => {
  fc.assert(
    fc.property(texts, (text) => {
      const segments = [...whole.segment(text)].map(({ segment }) => segment)
      expect(widthOf(text)).toBe(segments.reduce((width, one) => width + widthOf(one), 0))
    })
  )
})

/** As terminals draw them, by UAX #11. */
const drawn: ReadonlyArray<readonly [width: number, text: string]> = [
  [2, 'ー'],
  [2, '・'],
  [2, '\u30a0'],
  [2, '㈱'],
  [2, '㎡'],
  [2, '゛'],
  [2, '゜'],
  [2, 'あ'],
  [2, 'が'],
  [2, 'か\u3099'],
  [2, '漢'],
  [2, '、'],
  [2, '\u3000'],
  [2, 'Ａ'],
  [2, '￥'],
  [2, '한'],
  [2, '\u1112\u1161\u11ab'],
  [2, 'ㄅ'],
  [2, '\ua000'],
  [2, '\u{17000}'],
  [2, '\u{18b00}'],
  [2, '\u{1b000}'],
  [2, '\u{1f210}'],
  [2, '𠀀'],
  [2, '\u{30000}'],
  [2, '😀'],
  [2, '👩‍👧'],
  [2, '🇩🇪'],
  [2, '⌚'],
  [11, 'サーバー・A'],
  [1, 'ｶ'],
  [2, 'ｶﾞ'],
  [2, 'ﾊﾟ'],
  [1, 'ﾞ'],
  [3, 'ｻｰﾊ'],
  [1, 'ﾡ'],
  [1, '\u303f'],
  [1, 'é'],
  [1, 'e\u0301'],
  [1, 'a\u3099'],
  [1, '©'],
  [1, '①'],
  [1, 'Ж'],
  [1, '❤']
]

it.each(drawn)('takes %i columns for %s', (width, text) => {
  expect(widthOf(text)).toBe(width)
  expect(widthOf(`é${text}é`)).toBe(width + 2)
})

it('takes a column for each character of a plain text', () => {
  const plain = fc.string({ unit: fc.constantFrom(' ', 'a', '~', '…') })
  fc.assert(
    fc.property(plain, fc.integer({ min: 2, max: 10 }), (text, width) => {
      expect(widthOf(text)).toBe([...whole.segment(text)].length)
      expect(widthOf(cut(text, width))).toBe(Math.min(width, text.length))
    })
  )
})

it('cuts no character, and never beyond the width', () => {
  fc.assert(
    fc.property(texts, fc.integer({ min: 2, max: 400 }), (text, width) => {
      const shown = cut(text, width)
      expect(widthOf(shown)).toBeLessThanOrEqual(width)
      if (shown !== text) expect(text.startsWith(shown.slice(0, -1))).toBe(true)
    })
  )
})
