import picocolors from 'picocolors'
import { grid } from './grid.ts'
import { jsonDocument } from './json-text.ts'
import type { Mode } from './mode.ts'
import { inertCell, printable, printableCell } from './printable.ts'
import { type Cell, each, type Report, type Tone, type View } from './view.ts'

const toned = (colour: boolean, tone: Tone): ((text: string) => string) => {
  const { green, yellow, red, dim } = picocolors.createColors(colour)
  return { good: green, notice: yellow, bad: red, quiet: dim }[tone]
}

const inertOf = (cell: Cell): string => (typeof cell === 'number' ? String(cell) : inertCell(cell))
const shownOf = (cell: Cell): string => (typeof cell === 'number' ? String(cell) : printableCell(cell))

const tabbed = (rows: Iterable<ReadonlyArray<Cell>>): Iterable<string> =>
  each(rows, (row) => row.map(inertOf).join('\t'))

function* afterHead(head: ReadonlyArray<Cell>, rows: Iterable<ReadonlyArray<Cell>>) {
  yield head
  yield* rows
}

const linesOf = (view: View, mode: Mode): Iterable<string> => {
  const { form, colour } = mode
  switch (view._tag) {
    case 'Headline':
      return [toned(colour, view.tone)(printable(view.text))]
    case 'Fields':
      if (form === 'plain') return tabbed(view.rows.map(([name, value]) => [name, value]))
      // values are for copying: they go on beyond the end of the line rather than being wrapped
      return grid(
        { colour },
        [],
        view.rows.map(([name, value, gloss]) => [
          `  ${printableCell(name)}`,
          gloss === undefined ? shownOf(value) : `${shownOf(value)} (${printable(gloss)})`
        ])
      )
    case 'Table': {
      const { head, rows, inColumns } = view
      if (form === 'plain' && !inColumns) return tabbed(afterHead(head, rows))
      return grid(
        mode,
        head,
        each(rows, (row) => row.map(shownOf))
      )
    }
  }
}

/** A report as text, piece by piece, with its final line feed. */
export function* rendered({ json, views }: Report, mode: Mode): Generator<string, void> {
  if (mode.form === 'json') {
    yield* jsonDocument(json)
    yield '\n'
    return
  }
  for (const view of views) yield* each(linesOf(view, mode), (line) => `${line}\n`)
}
