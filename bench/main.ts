import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { eventLoop } from './event-loop.ts'
import { eventstoredb } from './eventstoredb.ts'
import { fold } from './fold.ts'
import { guess } from './guess.ts'
import { type Benchmark, isMet } from './harness/figure.ts'
import { report } from './harness/report.ts'
import { importing } from './importing.ts'
import { replaying } from './replay.ts'
import { sqliteCycles } from './sqlite-cycles.ts'
import { sqliteGrowth } from './sqlite-growth.ts'
import { sqliteKeys } from './sqlite-keys.ts'

const benchmarks: ReadonlyArray<Benchmark> = [
  sqliteCycles,
  sqliteGrowth,
  sqliteKeys,
  fold,
  replaying,
  importing,
  eventLoop,
  eventstoredb,
  guess
]

const names = process.argv.slice(2)
const chosen =
  names.length === 0 ? benchmarks : benchmarks.filter(({ name }) => names.some((one) => name.startsWith(one)))

if (chosen.length === 0) {
  process.stderr.write(
    `there is no such benchmark; there are:\n${benchmarks.map(({ name, about }) => `  ${name}: ${about}`).join('\n')}\n`
  )
  process.exitCode = 2
}
let missed = 0
for (const { name, about, run } of chosen) {
  const folder = mkdtempSync(join(process.env['KEYFOLD_BENCH_FOLDER'] ?? tmpdir(), 'keyfold-bench-'))
  try {
    const figures = await run(folder)
    missed += figures.filter((figure) => isMet(figure) === false).length
    process.stdout.write(`${report(`${name}: ${about}`, figures)}\n`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
if (chosen.length > 0) process.stdout.write(missed === 0 ? 'every goal met\n' : `${missed} goals missed\n`)
