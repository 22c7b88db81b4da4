import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as after } from 'node:timers/promises'
import { benchmark, type Measured, measured, milliseconds } from './harness/figure.ts'
import { callers } from './harness/measure.ts'
import { requestFor } from './harness/requests.ts'
import { withLedger } from './harness/sqlite-ledger.ts'

const reserves = 20_000
const idleMs = 2000

type Delay = { readonly p50: number; readonly p99: number; readonly most: number }

const delayWhile = async (work: () => Promise<unknown>): Promise<Delay> => {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  await work()
  delay.disable()
  return { p50: delay.percentile(50) / 1e6, p99: delay.percentile(99) / 1e6, most: delay.max / 1e6 }
}

const text = ({ p50, p99, most }: Delay): string =>
  `${milliseconds(p99)} (p50 ${milliseconds(p50)}, most ${milliseconds(most)})`

const delayWith = (file: string, atOnce: number): Promise<Delay> =>
  withLedger({ file }, async (ledger) => {
    const round = (name: string, total: number): Promise<void> =>
      callers(atOnce, total, (index) => ledger.reserve(requestFor(`${name}-${index}`)))
    await round('warm', 2000)
    return delayWhile(() => round('key', reserves))
  })

export const eventLoop = benchmark({
  name: 'event-loop',
  about: 'delay of the event loop in ms while callers reserve on SQLite, FULL, beside a loop that is idle',
  goals: { 'p99 while 64 callers reserve': { atMost: 5 }, 'p99 while 256 callers reserve': { atMost: 8 } },
  run: async (folder) => {
    const idle = text(await delayWhile(() => after(idleMs)))
    const figure = async (atOnce: number): Promise<Measured> => {
      const delay = await delayWith(join(folder, `${atOnce}.db`), atOnce)
      return measured({ measured: text(delay), reference: `${idle}, idle`, value: delay.p99 })
    }
    return { 'p99 while 64 callers reserve': await figure(64), 'p99 while 256 callers reserve': await figure(256) }
  }
})
