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
