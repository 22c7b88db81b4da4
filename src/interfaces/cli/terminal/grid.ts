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
/** In less room than this, words are better left to the terminal to wrap. */
const leastRoom = 24

const isWide = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}]/u

/** How many columns of a terminal a text takes. */
const widthOf = (text: string): number => [...text].reduce((width, one) => width + (isWide.test(one) ? 2 : 1), 0)

/** The room that a line leaves to its last column, where words wrap; none where it is wide enough, or far too short. */
const roomForLast = (rows: ReadonlyArray<ReadonlyArray<string>>, length: number): number | undefined => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => widthOf(row[column] ?? ''))))
  const [last = 0, ...others] = widths.reverse()
  const room = others.reduce((left, width) => left - width - gap, length)
  return last > room && room >= leastRoom ? room : undefined
}

export type GridOptions = { readonly colour: boolean; readonly lineLength?: number | undefined }

/** Rows in columns, the head first where there is one. Where a line is too short, the words of its last cell wrap. */
export const grid = (
  { colour, lineLength }: GridOptions,
  head: ReadonlyArray<string>,
  rows: ReadonlyArray<ReadonlyArray<string>>
): string => {
  const { bold } = picocolors.createColors(colour)
  const shown = rows.map((row) => row.map(printable))
  const all = head.length === 0 ? shown : [head, ...shown]
  const room = lineLength === undefined ? undefined : roomForLast(all, lineLength)
  const natural = (all[0] ?? []).slice(1).map(() => null)
  const lines = new Table({
    chars: quietLines,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true },
    ...(room === undefined ? {} : { colWidths: [...natural, room], wordWrap: true })
  })
  lines.push(...all.map((row, index) => (index === 0 && head.length > 0 ? row.map((cell) => bold(cell)) : [...row])))
  return lines
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
}
