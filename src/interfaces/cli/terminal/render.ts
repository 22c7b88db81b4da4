import picocolors from 'picocolors'
import type { CliDeps, Output } from '../deps.ts'
import { grid } from './grid.ts'
import { printable } from './printable.ts'
import type { Report, Tone, View } from './view.ts'

/** `terminal` has tables, `plain` has tab-separated lines for other programs, `json` has one document. */
export type Mode = {
  readonly form: 'terminal' | 'plain' | 'json'
  readonly colour: boolean
  readonly lineLength?: number | undefined
}

/** What suits a stream: NO_COLOR (https://no-color.org) and FORCE_COLOR are respected. */
export const modeFor = (stream: Output, env: CliDeps['env'], json: boolean): Mode => {
  if (json) return { form: 'json', colour: false }
  const terminal = stream.isTTY === true && env['TERM'] !== 'dumb'
  const force = env['FORCE_COLOR'] ?? ''
  const colour = (env['NO_COLOR'] ?? '') === '' && force !== '0' && (terminal || force !== '')
  return terminal ? { form: 'terminal', colour, lineLength: stream.columns } : { form: 'plain', colour }
}

const toned = (colour: boolean, tone: Tone): ((text: string) => string) => {
  const { green, yellow, red, dim } = picocolors.createColors(colour)
  return { good: green, notice: yellow, bad: red, quiet: dim }[tone]
}

const tabbed = (rows: ReadonlyArray<ReadonlyArray<string>>): string =>
  rows.map((row) => row.map(printable).join('\t')).join('\n')

const shown = (view: View, mode: Mode): string => {
  const { form, colour } = mode
  switch (view._tag) {
    case 'Headline':
      return toned(colour, view.tone)(printable(view.text))
    case 'Fields':
      if (form === 'plain') return tabbed(view.rows.map(([name, value]) => [name, value]))
      // values are for copying: they go on beyond the end of the line rather than being wrapped
      return grid(
        { colour },
        [],
        view.rows.map(([name, value, gloss]) => [`  ${name}`, gloss === undefined ? value : `${value} (${gloss})`])
      )
    case 'Table':
      return form === 'plain' && !view.inColumns ? tabbed([view.head, ...view.rows]) : grid(mode, view.head, view.rows)
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
