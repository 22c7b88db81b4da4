import picocolors from 'picocolors'
import { grid } from '../../src/interfaces/cli/terminal/grid.ts'
import { type Figure, isMet } from './figure.ts'

const { green, red, bold } = picocolors

const verdict = (figure: Figure): string => {
  const met = isMet(figure)
  return met === undefined ? '' : met ? green('met') : red('MISSED')
}

const wanted = ({ goal }: Figure): string => {
  if (goal === undefined) return ''
  return 'atLeast' in goal ? `at least ${goal.atLeast}` : `at most ${goal.atMost}`
}

const shown = (value: number): string =>
  Math.abs(value) >= 1000 ? Math.round(value).toLocaleString('en-US') : value.toPrecision(3)

/** The figures of one benchmark as a table: what was measured, beside what, and whether the goal was met. */
export const report = (name: string, figures: ReadonlyArray<Figure>): string => {
  const head = ['', 'measured', 'reference', 'value', 'goal', '']
  const rows = figures.map((figure) => [
    figure.what,
    figure.measured,
    figure.reference ?? '',
    figure.goal === undefined ? '' : shown(figure.value),
    wanted(figure),
    verdict(figure)
  ])
  return `${[bold(name), ...grid({ colour: picocolors.isColorSupported }, head, rows)].join('\n')}\n`
}
