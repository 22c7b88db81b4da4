import { megabytes } from './figure.ts'
import type { Machine } from './machine.ts'
import type { Result } from './result.ts'
import { cellsOf, summary } from './row.ts'
import type { Section } from './section.ts'

const begin = '<!-- figures: written by npm run bench -- --write, not by hand -->'
const end = '<!-- end of figures -->'

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ')

const table = (lines: ReadonlyArray<ReadonlyArray<string>>): string =>
  lines.map((cells) => `| ${cells.map(cell).join(' | ')} |`).join('\n')

const verdicts = { met: 'met', missed: '**missed**', 'not run': '**not run**', told: '' } as const

const head = [
  ['figure', 'measured', 'reference in the same run', 'value', 'goal', ''],
  ['---', '---', '---', '---', '---', '---']
]

const section = ({ name, about, rows }: Section): string =>
  `### ${name}\n\n${about.charAt(0).toUpperCase()}${about.slice(1)}.\n\n${table([
    ...head,
    ...rows.map((row) => [...cellsOf(row), verdicts[row.verdict]])
  ])}`

const facts = (date: string, machine: Machine): string =>
  table([
    ['taken on', date],
    ['---', '---'],
    ['processor', machine.processor],
    ['cores', String(machine.cores)],
    ['memory', megabytes(machine.memoryBytes)],
    ['load before', machine.load.toFixed(2)],
    ['Node', machine.node],
    ['system', machine.system],
    ['file system', machine.fileSystem]
  ])

/** The part of the page that a run writes. */
export const figuresText = ({ date, machine, caution, sections }: Result): string =>
  [
    ...(caution === undefined ? [] : [`**These figures were ${caution}.**`]),
    facts(date, machine),
    `${summary(sections.flatMap(({ rows }) => rows))}.`,
    ...sections.map(section)
  ].join('\n\n')

/** The page with the figures of a run in the place of those before; what people wrote around them stays. */
export const pageWith = (page: string, result: Result): string => {
  const [from, to] = [page.indexOf(begin), page.indexOf(end)]
  if (from < 0 || to < from) throw new Error('the page has no place for figures: its two comments are gone')
  return `${page.slice(0, from + begin.length)}\n\n${figuresText(result)}\n\n${page.slice(to)}`
}
