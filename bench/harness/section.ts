import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { quoted } from '../../src/domain/text.ts'
import { type Benchmark, notRun } from './figure.ts'
import { type Row, rowsOf } from './row.ts'

/** What came out of one benchmark. */
export type Section = {
  readonly name: string
  readonly about: string
  readonly rows: ReadonlyArray<Row>
  /** Why it did not come to its end, where it did not. */
  readonly failed?: string
}

/** Runs a benchmark in a folder of its own. One that fails says so in its rows: the others can go on. */
export const sectionOf = async (one: Benchmark, room: string): Promise<Section> => {
  const { name, about, run } = one
  const folder = mkdtempSync(join(room, 'keyfold-bench-'))
  const clear = (): void => rmSync(folder, { recursive: true, force: true })
  process.once('exit', clear)
  try {
    const figures = await run(folder)
    return { name, about, rows: rowsOf(one, (what) => figures[what] ?? notRun('the benchmark did not tell')) }
  } catch (error) {
    const failed = quoted(error instanceof Error ? error.message : String(error))
    return { name, about, rows: rowsOf(one, () => notRun(`it failed: ${failed}`)), failed }
  } finally {
    process.off('exit', clear)
    clear()
  }
}
