import Table from 'cli-table3'
import picocolors from 'picocolors'
import type { CliDeps, Output } from '../deps.ts'
import { printable } from './printable.ts'
import type { Report, Tone, View } from './view.ts'

/** `terminal` has tables, `plain` has tab-separated lines for other programs, `json` has one document. */
export type Mode = { readonly form: 'terminal' | 'plain' | 'json'; readonly colour: boolean }

/** What suits a stream: NO_COLOR (https://no-color.org) and FORCE_COLOR are respected. */
export const modeFor = (stream: Output, env: CliDeps['env'], json: boolean): Mode => {
  if (json) return { form: 'json', colour: false }
  const terminal = stream.isTTY === true && env['TERM'] !== 'dumb'
  const forced = (env['FORCE_COLOR'] ?? '') !== '' && env['FORCE_COLOR'] !== '0'
  return { form: terminal ? 'terminal' : 'plain', colour: (env['NO_COLOR'] ?? '') === '' && (terminal || forced) }
}

const toned = (colour: boolean, tone: Tone): ((text: string) => string) => {
  const { green, yellow, red, dim } = picocolors.createColors(colour)
  return { good: green, notice: yellow, bad: red, quiet: dim }[tone]
}

/** Borders of the table library without its heavy default: one line under the head is enough. */
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

const grid = (colour: boolean, head: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): string => {
  const { bold } = picocolors.createColors(colour)
  const lines = new Table({
    chars: quietLines,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true }
  })
  if (head.length > 0) lines.push(head.map((cell) => bold(cell)))
  lines.push(...rows.map((row) => row.map(printable)))
  return lines
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
}

const tabbed = (rows: ReadonlyArray<ReadonlyArray<string>>): string =>
  rows.map((row) => row.map(printable).join('\t')).join('\n')

const shown = (view: View, { form, colour }: Mode): string => {
  switch (view._tag) {
    case 'Headline':
      return toned(colour, view.tone)(printable(view.text))
    case 'Fields':
      if (form === 'plain') return tabbed(view.rows.map(([name, value]) => [name, value]))
      return grid(
        colour,
        [],
        view.rows.map(([name, value, gloss]) => [`  ${name}`, gloss === undefined ? value : `${value} (${gloss})`])
      )
    case 'Table':
      return form === 'plain' && !view.inColumns
        ? tabbed([view.head, ...view.rows])
        : grid(colour, view.head, view.rows)
  }
}

/** A report as text, with its final line feed. */
export const rendered = (report: Report, mode: Mode): string => {
  if (mode.form === 'json') return `${JSON.stringify(report.json)}\n`
  const parts = report.views
    .filter((view) => view._tag !== 'Fields' || view.rows.length > 0)
    .map((view) => shown(view, mode))
  return `${parts.join('\n')}\n`
}
