import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'
import { benchmark, measured, milliseconds } from './harness/figure.ts'

const times = 15

/** A process tells its processor time itself, ms: what else the machine does is not in it. */
const telling = `process.on('exit', () => {
  const { user, system } = process.cpuUsage()
  process.stderr.write('took ' + (user + system) / 1000 + '\\n')
})`

const median = (values: ReadonlyArray<number>): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

/** How long a command takes from the start of its process to its end, beside Node with nothing to do. */
export const starting = benchmark({
  name: 'start',
  about: `keyfold as a process of its own, the median of ${times} in turn with node -e 0, processor time`,
  goals: { 'keyfold --version': 'told', 'keyfold get on a SQLite file': { atMost: 1.9 } },
  run: async (folder) => {
    const preload = join(folder, 'telling.cjs')
    writeFileSync(preload, telling)
    const tookOf = async (args: ReadonlyArray<string>): Promise<number> => {
      const { stderr } = await promisify(execFile)(process.execPath, ['--require', preload, ...args])
      return Number(/took ([\d.]+)/.exec(stderr)?.[1])
    }
    const program = resolve('dist/bin/keyfold.js')
    const store = `--store=sqlite:${join(folder, 'start.db')}`
    const key = ['--operation=charge', '--key=order-1', store]
    await tookOf([program, 'reserve', ...key, '--owner=me', '--fingerprint=f', '--lease=none'])
    const took = { bare: [] as number[], version: [] as number[], get: [] as number[] }
    for (let n = 0; n < times; n++) {
      took.bare.push(await tookOf(['-e', '0']))
      took.version.push(await tookOf([program, '--version']))
      took.get.push(await tookOf([program, 'get', ...key]))
    }
    const bare = median(took.bare)
    const beside = (ms: number) =>
      measured({ measured: milliseconds(ms), reference: `${milliseconds(bare)}, node -e 0`, value: ms / bare })
    return {
      'keyfold --version': beside(median(took.version)),
      'keyfold get on a SQLite file': beside(median(took.get))
    }
  }
})
