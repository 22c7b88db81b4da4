import { describe, expect, it } from 'vitest'
import { cut, widthOf } from '../../../../src/interfaces/cli/terminal/width.ts'

const family = '👩‍👩‍👧‍👦'

describe('the width of a text that is looked at in pieces', () => {
  it.each([
    ['a letter with its marks', 'a\u0301\u0302', 1],
    ['an emoji of seven parts', family, 2],
    ['a flag of two letters', '🇨🇭', 2],
    ['a wide character', '漢', 2],
    ['a character beyond the first plane', '𠮷', 2]
  ])('%s counts the same wherever it stands', (_, text, width) => {
    for (let before = 245; before <= 260; before++) expect(widthOf('é'.repeat(before) + text)).toBe(before + width)
    expect(widthOf(text.repeat(3000))).toBe(3000 * width)
  })

  it('a letter with more marks than a piece holds is a few, and no half of a pair is left where it is cut', () => {
    const text = `a${'\u{1D165}'.repeat(3000)}`
    expect(widthOf(text)).toBeLessThan(40)
    for (let width = 2; width < 40; width++) expect(cut(text, width).isWellFormed()).toBe(true)
  })

  it('a text is cut between what one sees as characters', () => {
    expect(cut(family.repeat(2000), 2048)).toBe(`${family.repeat(1023)}…`)
  })
})
