// Packs what was built, installs it into fresh projects, and runs the README's example in each:
// npm run trial [-- --quick | --write] [-- esbuild …]
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { tried } from './project.mjs'
import { rows } from './rows.mjs'

const root = resolve(import.meta.dirname, '../..')
const page = join(root, 'docs/how-to/environments.md')
const marks = ['<!-- trial: written by npm run trial -- --write -->\n', '<!-- the end of the trial -->']

const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const peers = ['fp-ts', 'io-ts', 'libsql'].map((name) => `${name}@${devDependencies[name]}`)

const args = process.argv.slice(2)
const names = args.filter((arg) => !arg.startsWith('--'))
const unknown = names.filter((name) => !rows.some((row) => row.name === name))
if (unknown.length > 0)
  throw new Error(`there is no row ${unknown.join(', ')}: ${rows.map(({ name }) => name).join(', ')}`)
const wanted = rows.filter(({ name, quick }) =>
  names.length > 0 ? names.includes(name) : !args.includes('--quick') || quick === true
)

const table = (results) =>
  [
    '| with | tried | the example |',
    '| --- | --- | --- |',
    ...results.map(
      ({ name, came, versions }) => `| ${name} | ${versions.join(', ') || `Node ${process.versions.node}`} | ${came} |`
    )
  ].join('\n')

const write = (text) => {
  const [before, rest = ''] = readFileSync(page, 'utf8').split(marks[0])
  const [, after] = rest.split(marks[1])
  if (after === undefined) throw new Error(`${page} has no place for the table`)
  writeFileSync(page, `${before}${marks[0]}\n${text}\n\n${marks[1]}${after}`)
}

const folder = mkdtempSync(join(tmpdir(), 'keyfold-packed-'))
try {
  const packing = ['pack', '--json', '--ignore-scripts', '--loglevel=error', '--pack-destination', folder]
  const [{ filename }] = JSON.parse(execFileSync('npm', packing, { cwd: root, encoding: 'utf8' }))
  const results = wanted.map((row) => {
    const result = { name: row.name, ...tried(row, [join(folder, filename), ...peers]) }
    console.log(`${result.came === 'runs' ? '' : '!! '}${row.name}: ${result.came} (${result.versions.join(', ')})`)
    if (result.why !== undefined) console.error(result.why)
    return result
  })
  if (args.includes('--write')) write(table(results))
  const count = (came) => results.filter((result) => result.came === came).length
  console.log(`${count('runs')} run, ${count('fails')} fail, ${count('not run')} not run`)
  process.exitCode = count('fails') > 0 || count('runs') === 0 ? 1 : 0
} finally {
  rmSync(folder, { recursive: true, force: true })
}
