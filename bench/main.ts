import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname } from 'node:path'
import process from 'node:process'
import { benchmarks } from './benchmarks.ts'
import { caution, machineOf } from './harness/machine.ts'
import { pageWith } from './harness/page.ts'
import { report } from './harness/report.ts'
import type { Result } from './harness/result.ts'
import { summary } from './harness/row.ts'
import { type Section, sectionOf } from './harness/section.ts'
import { type BenchOptions, benchOptions, usage } from './options.ts'

const page = 'docs/reference/performance.md'

const bench = async ({ names, json, write }: BenchOptions): Promise<void> => {
  const room = process.env['KEYFOLD_BENCH_FOLDER'] ?? tmpdir()
  const machine = machineOf(room)
  const doubt = caution(machine)
  const sections: Array<Section> = []
  for (const one of benchmarks) {
    if (names.length > 0 && !names.some((name) => one.name.startsWith(name))) continue
    const section = await sectionOf(one, room)
    process.stdout.write(`${report(`${section.name}: ${section.about}`, section.rows)}\n`)
    sections.push(section)
    if (section.failed !== undefined) process.exitCode = 1
  }
  const date = new Date().toISOString().slice(0, 10)
  const result: Result = { date, machine, ...(doubt !== undefined && { caution: doubt }), sections }
  mkdirSync(dirname(json), { recursive: true })
  writeFileSync(json, `${JSON.stringify(result, null, 2)}\n`)
  if (write) writeFileSync(page, pageWith(readFileSync(page, 'utf8'), result))
  process.stdout.write(`${summary(sections.flatMap(({ rows }) => rows))}; written to ${json}\n`)
  if (doubt !== undefined) process.stdout.write(`figures ${doubt}\n`)
}

// what was started and made goes with us, also where somebody has waited long enough
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

const options = benchOptions(
  process.argv.slice(2),
  benchmarks.map(({ name }) => name)
)
if (typeof options === 'string') {
  const all = benchmarks.map(({ name, about }) => `  ${name}: ${about}`).join('\n')
  process.stderr.write(`${options}\n${usage}\nbenchmarks:\n${all}\n`)
  process.exitCode = 2
} else await bench(options)
