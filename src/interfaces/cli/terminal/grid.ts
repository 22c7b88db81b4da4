import Table from 'cli-table3'
import picocolors from 'picocolors'
import { printable } from './printable.ts'

/** Borders of the table library without its heavy default: columns and the space between them are enough. */
const quietLines = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  right: '',
  'right-mid': '',
  mid: '',
  'mid-mid': '',
  middle: '  '
}

const gap = quietLines.middle.length
/** Narrower than this nothing can be read. */
const narrowest = 8

const isWide = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}]/u

/** How many columns of a terminal a text takes. */
const widthOf = (text: string): number => [...text].reduce((width, one) => width + (isWide.test(one) ? 2 : 1), 0)

/** The widths of columns in a line of a certain length: the widest give way first. */
const fitted = (rows: ReadonlyArray<ReadonlyArray<string>>, length: number): ReadonlyArray<number> => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => widthOf(row[column] ?? ''))))
  let over = widths.reduce((sum, width) => sum + width, gap * (widths.length - 1)) - length
  while (over > 0) {
    const widest = Math.max(...widths)
    if (widest <= narrowest) break
    widths[widths.indexOf(widest)] = widest - 1
    over--
  }
  return widths
}

export type GridOptions = { readonly colour: boolean; readonly lineLength?: number | undefined }

/** Rows in columns, the head first where there is one. In a line of limited length words wrap within their column. */
export const grid = (
  { colour, lineLength }: GridOptions,
  head: ReadonlyArray<string>,
  rows: ReadonlyArray<ReadonlyArray<string>>
): string => {
  const { bold } = picocolors.createColors(colour)
  const shown = rows.map((row) => row.map(printable))
  const all = head.length === 0 ? shown : [head, ...shown]
  const lines = new Table({
    chars: quietLines,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true },
    ...(lineLength === undefined ? {} : { colWidths: [...fitted(all, lineLength)], wordWrap: true })
  })
  lines.push(...all.map((row, index) => (index === 0 && head.length > 0 ? row.map((cell) => bold(cell)) : [...row])))
  return lines
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
}
