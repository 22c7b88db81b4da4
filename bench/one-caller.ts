import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { benchmark, type Measured, measured, milliseconds } from './harness/figure.ts'
import { inTurns, median, percentile, ratio, type Turns } from './harness/measure.ts'
import { emptyStore, rawStore, rowsIn } from './harness/raw-sqlite.ts'
import { requestFor } from './harness/requests.ts'
import { withLedger } from './harness/sqlite-ledger.ts'

const reserves = 1000
const usualRounds = 7

type Times = ReadonlyArray<number>

const ledgerRun = (file: string): Promise<Times> =>
  withLedger({ file }, async (ledger) => {
    const times: Array<number> = []
    for (let n = 0; n < reserves; n++) {
      const began = performance.now()
      const answer = await ledger.reserve(requestFor(`key-${n}`))
      times.push(performance.now() - began)
      if (answer._tag !== 'Reserved') throw new Error(`answered ${answer._tag}`)
    }
    return times
  })

/** The rows that the ledger wrote, each in a transaction of its own. */
const rawRun = async (file: string, from: string): Promise<Times> => {
  const rows = await rowsIn(from)
  emptyStore(file)
  const raw = rawStore(file)
  const times: Array<number> = []
  for (const row of rows) {
    const began = performance.now()
    raw.transaction([row])
    times.push(performance.now() - began)
  }
  raw.close()
  return times
}

const figure = (p50s: Turns<'ledger' | 'raw'>): Measured =>
  measured({
    measured: milliseconds(median(p50s.ledger)),
    reference: milliseconds(median(p50s.raw)),
    value: ratio(p50s.ledger, p50s.raw)
  })

export const oneCaller = benchmark({
  name: 'one-caller',
  about: 'a durable reserve on SQLite, FULL, one caller, beside a raw insert and COMMIT of the same row',
  goals: { 'a durable reserve, p50': { atMost: 1.5 }, 'a durable reserve, p99': { atMost: 1.6 } },
  run: async (folder) => {
    const p99s = { ledger: [] as Array<number>, raw: [] as Array<number> }
    const both = (name: 'ledger' | 'raw', round: number, times: Times): number => {
      if (round >= 0) p99s[name].push(percentile(times, 0.99))
      return percentile(times, 0.5)
    }
    const file = (name: string, round: number): string => join(folder, `${name}-${round}.db`)
    const p50s = await inTurns(usualRounds, {
      ledger: async (round) => both('ledger', round, await ledgerRun(file('ledger', round))),
      raw: async (round) => both('raw', round, await rawRun(file('raw', round), file('ledger', round)))
    })
    return { 'a durable reserve, p50': figure(p50s), 'a durable reserve, p99': figure(p99s) }
  }
})
