import picocolors from 'picocolors'
import { grid } from '../../src/interfaces/cli/terminal/grid.ts'
import { goalText, type Row, valueText } from './row.ts'

const { green, red, bold } = picocolors

const verdicts = { met: green('met'), missed: red('MISSED'), 'not run': red('NOT RUN'), told: '' } as const

const line = ({ what, goal, figure, verdict }: Row): ReadonlyArray<string> =>
  figure._tag === 'NotRun'
    ? [what, red(figure.because), '', '', goalText(goal), verdicts[verdict]]
    : [
        what,
        figure.measured,
        figure.reference ?? '',
        goal === undefined ? '' : valueText(figure.value),
        goalText(goal),
        verdicts[verdict]
      ]

/** The figures of one benchmark as a table: what was measured, beside what, and whether the goal was met. */
export const report = (title: string, rows: ReadonlyArray<Row>): string => {
  const head = ['', 'measured', 'reference', 'value', 'goal', '']
  return `${[bold(title), ...grid({ colour: picocolors.isColorSupported }, head, rows.map(line))].join('\n')}\n`
}
