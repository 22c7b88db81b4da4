import picocolors from 'picocolors'
import { nameOf } from './columns.ts'
import { grid } from './grid.ts'
import { jsonDocument } from './json-text.ts'
import type { Mode } from './mode.ts'
import { namedValues } from './named-values.ts'
import { inertCell, printable, printableCell } from './printable.ts'
import { localTime, utcTime } from './time.ts'
import { type At, type Cell, each, type Phrase, type Report, type Tone, type View } from './view.ts'
import { wrapped } from './width.ts'

const toned = (colour: boolean, tone: Tone): ((text: string) => string) => {
  const { green, yellow, red, dim } = picocolors.createColors(colour)
  return { good: green, notice: yellow, bad: red, quiet: dim }[tone]
}

const isTime = (cell: Cell): cell is At => typeof cell === 'object' && 'atMs' in cell

/** How cells are written: times in their zone, texts so that they do no harm where they go. */
export const writing = ({ local = false }: Mode) => {
  const time = ({ atMs }: At): string => (local ? localTime(atMs) : utcTime(atMs))
  const phrase = (text: Phrase): string =>
    typeof text === 'string' ? text : text.map((part) => (typeof part === 'string' ? part : time(part))).join('')
  const cell =
    (text: (text: string) => string) =>
    (one: Cell): string => {
      if (typeof one === 'number') return String(one)
      return isTime(one) ? time(one) : text(phrase(one))
    }
  return { phrase, inert: cell(inertCell), shown: cell(printableCell) }
}

const linesOf = (view: View, mode: Mode): Iterable<string> => {
  const { form, colour, lineLength } = mode
  const { phrase, inert, shown } = writing(mode)
  const tabbed = (row: ReadonlyArray<Cell>): string => row.map(inert).join('\t')
  switch (view._tag) {
    case 'Headline': {
      const text = printable(phrase(view.text))
      return (lineLength === undefined ? [text] : wrapped(text, lineLength)).map(toned(colour, view.tone))
    }
    case 'Fields':
      if (form === 'plain') return each(view.rows, ([name, value]) => tabbed([name, value]))
      return namedValues(
        view.rows.map(([name, value, gloss]) => [
          printableCell(name),
          gloss === undefined ? shown(value) : `${shown(value)} (${shown(gloss)})`
        ]),
        lineLength
      )
    case 'Table': {
      const { head, rows, inColumns } = view
      if (form === 'plain' && !inColumns) return withHead(head.map(nameOf).join('\t'), each(rows, tabbed))
      return grid(
        mode,
        head,
        each(rows, (row) => row.map(shown))
      )
    }
  }
}

function* withHead(head: string, lines: Iterable<string>) {
  yield head
  yield* lines
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
