import picocolors from 'picocolors'
import { grid } from '../../src/interfaces/cli/terminal/grid.ts'
import { cellsOf, type Row } from './row.ts'

const { green, red, bold } = picocolors

const verdicts = { met: green('met'), missed: red('MISSED'), 'not run': red('NOT RUN'), told: '' } as const

/** The figures of one benchmark as a table: what was measured, beside what, and whether the goal was met. */
export const report = (title: string, rows: ReadonlyArray<Row>): string => {
  const head = ['', 'measured', 'reference', 'value', 'goal', '']
  const lines = rows.map((row) => [...cellsOf(row), verdicts[row.verdict]])
  return `${[bold(title), ...grid({ colour: picocolors.isColorSupported }, head, lines)].join('\n')}\n`
}
