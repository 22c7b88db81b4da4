import picocolors from 'picocolors'
import { type Column, type Fitted, fitInto, gap, nameOf, sum, type Wanted } from './columns.ts'
import { namedValues } from './named-values.ts'
import { cut, widthOf, wrapped } from './width.ts'

/** Widths are those of the first rows: all of them are not held for the sake of a cell that may be wider. */
const sampleSize = 1000
/** Where no line has an end, a cell that is wider goes on beyond its column, rather than leaving blanks in every other row. */
const widest = 72
/** What a text does with before columns are left out for its sake; the last cell of a row has several lines. */
const comfort = 18
const comfortOfLast = 24
const leastOfText = 6

type Line = ReadonlyArray<string>

/** Numbers and times say something else once they are shortened. What is longer than any is a key or the like. */
const isNumeric = (cell: string): boolean => /^[\d:.TZ+-]{0,32}$/.test(cell)

const wantedBy = (head: ReadonlyArray<Column>, sample: ReadonlyArray<Line>, most: number): ReadonlyArray<Wanted> => {
  const count = sample.reduce((longest, row) => Math.max(longest, row.length), head.length)
  return Array.from({ length: count }, (_, index): Wanted => {
    const column = head[index] ?? ''
    const cells = sample.map((row) => row[index] ?? '')
    const widthOfAll = (some: Line): number => some.reduce((width, cell) => Math.max(width, widthOf(cell)), 0)
    const natural = Math.max(widthOf(nameOf(column)), widthOfAll(cells))
    const numbers = widthOfAll(cells.filter(isNumeric))
    const drop = typeof column === 'string' ? undefined : column.drop
    const comfortable = Math.max(Math.min(natural, index === count - 1 ? comfortOfLast : comfort), numbers)
    const least = Math.max(Math.min(natural, leastOfText), numbers)
    return cells.every(isNumeric)
      ? { natural, comfortable: natural, least: natural, drop }
      : { natural: Math.min(natural, most), comfortable, least, drop }
  })
}

export type GridOptions = { readonly colour: boolean; readonly lineLength?: number | undefined }

/** Each row below the one before, its cells by their names: for a line that is too short for columns. */
function* stacked(names: Line, rows: Iterable<Line>, room: number): Generator<string, void> {
  let before: ReadonlyArray<string> = []
  for (const row of rows) {
    yield* before
    const filled = names.flatMap((name, index) => (row[index] ? [[name, row[index]] as const] : []))
    yield* namedValues(filled, room)
    before = ['']
  }
}

/**
 * Rows in columns, line by line, the head first where there is one. In a line that is too short columns are left out by
 * rank, long cells are shortened, and the last cell of a row goes on below itself, broken between words. Where even the
 * least of what must stay is too wide, rows stand below each other.
 */
export function* grid(
  { colour, lineLength }: GridOptions,
  head: ReadonlyArray<Column>,
  rows: Iterable<Line>
): Generator<string, void> {
  const { bold, dim } = picocolors.createColors(colour)
  const source = rows[Symbol.iterator]()
  const sample: Array<Line> = []
  let next = source.next()
  for (; next.done !== true && sample.length < sampleSize; next = source.next()) sample.push(next.value)

  function* all(): Generator<Line, void> {
    yield* sample
    for (; next.done !== true; next = source.next()) yield next.value
  }

  const wanted = wantedBy(head, sample, lineLength ?? widest)
  const fitted: Fitted =
    lineLength === undefined
      ? wanted.map(({ natural }, index) => ({ index, width: natural }))
      : fitInto(wanted, lineLength)
  const room = lineLength ?? Number.POSITIVE_INFINITY
  if (head.length > 0 && sum(fitted.map(({ width }) => width)) > room) {
    yield* stacked(head.map(nameOf), all(), room)
    return
  }
  const last = fitted.at(-1)
  const indent = ' '.repeat(fitted.slice(0, -1).reduce((total, { width }) => total + width + gap.length, 0))

  const isFitting = (cells: Line): boolean =>
    cells.reduce((total, cell) => total + widthOf(cell) + gap.length, -gap.length) <= room

  function* laid(row: Line, style = (cell: string) => cell, isSampled = true): Generator<string, void> {
    const cells = fitted.map(({ index }) => row[index] ?? '')
    const isWhole = lineLength === undefined || (!isSampled && isFitting(cells))
    const before = fitted.slice(0, -1).map(({ width }, place) => {
      const cell = isWhole ? (cells[place] ?? '') : cut(cells[place] ?? '', width)
      return `${style(cell)}${' '.repeat(Math.max(0, width - widthOf(cell)))}${gap}`
    })
    const text = cells.at(-1) ?? ''
    const width = last?.width ?? 0
    const lines = isWhole ? [text] : wrapped(text, width).map((line) => cut(line, width))
    const [first = '', ...more] = lines
    yield `${before.join('')}${style(first)}`.trimEnd()
    for (const line of more) yield `${indent}${line}`
  }

  if (head.length > 0) yield* laid(head.map(nameOf), bold)
  for (const row of sample) yield* laid(row)
  for (; next.done !== true; next = source.next()) yield* laid(next.value, undefined, false)
  const left = head.filter((_, index) => fitted.every((one) => one.index !== index)).map(nameOf)
  if (left.length > 0 && sample.length > 0) {
    yield* wrapped(`left out at ${lineLength} columns: ${left.join(', ')}`, room).map((line) => dim(line))
  }
}
