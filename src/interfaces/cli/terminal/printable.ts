import { shortened } from '../errors/shortened.ts'

/**
 * What cannot be seen, or is more than it looks like: control and format characters, white space other than the plain
 * space, what no font draws, and the backslash with which all of them are written. A key may hold them, and must
 * neither drive the terminal nor break a line, nor look like another key.
 */
const unprintable = /(?! )[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800\\]/gu

const named: ReadonlyMap<string, string> = new Map([
  ['\\', '\\\\'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t']
])

const numbered = (character: string): string => {
  const code = character.codePointAt(0) ?? 0
  const hex = code.toString(16)
  return code > 0xffff ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`
}

/** Text as it can be shown on one line. What is escaped can be told from what is not: see docs/reference/cli.md. */
export const printable = (text: string): string =>
  text.replace(unprintable, (character) => named.get(character) ?? numbered(character))

/** Text as it can be shown between others: a space at its ends is seen, and no mark goes to what stands before it. */
export const printableCell = (text: string): string => printable(text).replace(/^[ \p{M}]| $/gu, numbered)

/** As `printableCell`, and no program for tables takes it for a formula or a quotation. */
export const inertCell = (text: string): string => printableCell(text).replace(/^["=+\-@＝＋－＠]/, '\\$&')

/** A message as it can be shown on one line: no longer than anybody reads. */
export const printableMessage = (text: string): string => printable(shortened(text))
