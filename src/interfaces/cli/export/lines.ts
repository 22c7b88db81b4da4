import type { CliDeps, CsvCell } from '../deps.ts'
import { jsonText } from '../terminal/json-text.ts'
import { printable } from '../terminal/printable.ts'

/** How things of a kind are written, one a line. */
export type ExportTable<A> = {
  readonly columns: ReadonlyArray<string>
  readonly row: (one: A) => ReadonlyArray<CsvCell>
  readonly json: (one: A) => unknown
}

export type LineFormat = 'ndjson' | 'csv'
export type ExportFormat = 'file' | LineFormat

export type Lines<A> = {
  /** What stands before the first of them. */
  readonly head: string
  readonly of: (some: ReadonlyArray<A>) => string
}

/** On a terminal no text of a cell may drive it; in a file it is what it is. */
const shown = (row: ReadonlyArray<CsvCell>): ReadonlyArray<CsvCell> =>
  row.map((cell) => (typeof cell === 'string' ? printable(cell) : cell))

export const linesIn = <A>(
  { csvText, stdout }: Pick<CliDeps, 'csvText' | 'stdout'>,
  format: LineFormat,
  { columns, row, json }: ExportTable<A>,
  toStdout: boolean
): Lines<A> => {
  if (format === 'ndjson') return { head: '', of: (some) => some.map((one) => `${jsonText(json(one))}\n`).join('') }
  const cells = toStdout && stdout.isTTY === true ? (one: A) => shown(row(one)) : row
  return { head: csvText([columns]), of: (some) => csvText(some.map(cells)) }
}
