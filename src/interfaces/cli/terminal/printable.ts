/**
 * Control characters, line separators and what turns the direction of text: a key may hold them, and must not be able
 * to drive the terminal or to break a line of plain output.
 */
const unprintable = /[\p{Cc}\p{Cs}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu

const escaped = (character: string): string => {
  switch (character) {
    case '\n':
      return '\\n'
    case '\r':
      return '\\r'
    case '\t':
      return '\\t'
    default:
      return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  }
}

/** Text as it can be shown on one line. */
export const printable = (text: string): string => text.replace(unprintable, escaped)
