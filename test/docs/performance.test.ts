import { describe, expect, it } from 'vitest'
import { benchmarks } from '../../bench/benchmarks.ts'
import { usage } from '../../bench/options.ts'
import { read } from '../support/documents.ts'

const page = read('docs/reference/performance.md')

/** The figures of each benchmark, by the tables of the page. */
const onThePage = page
  .split(/^### /m)
  .slice(1)
  .map((part) => {
    const [name = '', ...lines] = part.split('\n')
    // the head and the rule below it come first
    const rows = lines.filter((line) => line.startsWith('| ')).slice(2)
    return [name, rows.map((row) => row.split(' | ')[0]?.slice(2))]
  })

const goalOf = (row: string): string => row.split(' | ').at(4) ?? ''

describe('the reference of performance', () => {
  it('has every figure that the benchmarks promise, by its name, and no other', () =>
    expect(onThePage).toEqual(benchmarks.map(({ name, goals }) => [name, Object.keys(goals)])))

  it('says of every goal whether it is met, missed or not run', () => {
    const rows = page.split('\n').filter((line) => /at (least|most) [\d.,]+$/.test(goalOf(line)))
    const goals = benchmarks.flatMap((one) => Object.values(one.goals)).filter((goal) => goal !== 'told')
    expect(rows).toHaveLength(goals.length)
    for (const row of rows) expect(row).toMatch(/\| (met|\*\*missed\*\*|\*\*not run\*\*) \|$/)
  })

  it('says when and on what the figures were taken', () => {
    for (const fact of ['taken on', 'processor', 'cores', 'memory', 'load before', 'Node', 'system', 'file system']) {
      expect(page).toMatch(new RegExp(`^\\| ${fact} \\| \\S.* \\|$`, 'm'))
    }
    expect(page).toMatch(/^\| taken on \| \d{4}-\d\d-\d\d \|$/m)
  })

  it('names every option and variable that the command knows', () => {
    for (const [name] of usage.matchAll(/--\w+|KEYFOLD_\w+/g)) expect(page).toContain(name)
  })
})
