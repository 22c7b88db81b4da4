import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { type Benchmark, count, type Figure, milliseconds } from './harness/figure.ts'
import { callers } from './harness/measure.ts'
import { emptyStore, rawStore } from './harness/raw-sqlite.ts'
import { requestFor } from './harness/requests.ts'
import { withLedger } from './harness/sqlite-ledger.ts'

const reserves = 20_000
const atOnce = 64

/** What the disk takes for one transaction of a group's size: the part of the delay that is not ours. */
const commitMs = (file: string): number => {
  emptyStore(file)
  const raw = rawStore(file)
  const times: Array<number> = []
  for (let n = 0; n < 200; n++) {
    const began = performance.now()
    raw.transaction(
      Array.from(
        { length: atOnce },
        (_, at) => [`s-${n}-${at}`, 0, '', 'T', 'x'.repeat(450), 'y'.repeat(250), 0] as const
      )
    )
    times.push(performance.now() - began)
  }
  raw.close()
  return times.sort((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? Number.NaN
}

export const eventLoop: Benchmark = {
  name: 'event-loop',
  about: 'delay of the event loop while 64 callers reserve on SQLite, synchronous=FULL',
  run: async (folder): Promise<ReadonlyArray<Figure>> => {
    const reference = commitMs(join(folder, 'raw.db'))
    const delay = monitorEventLoopDelay({ resolution: 1 })
    await withLedger({ file: join(folder, 'loop.db') }, async (ledger) => {
      const round = (name: string, total: number): Promise<void> =>
        callers(atOnce, total, (index) => ledger.reserve(requestFor(`${name}-${index}`)))
      await round('warm', 2000)
      delay.enable()
      await round('key', reserves)
      delay.disable()
    })
    const p99 = delay.percentile(99) / 1e6
    return [
      {
        what: `p99 while ${count(reserves)} keys are reserved (p50 ${milliseconds(delay.percentile(50) / 1e6)}, most ${milliseconds(delay.max / 1e6)})`,
        measured: milliseconds(p99),
        reference: `${milliseconds(reference)}, p99 of a raw transaction of 64 rows`,
        value: p99,
        goal: { atMost: 20 }
      }
    ]
  }
}
