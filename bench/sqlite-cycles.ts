import { statSync } from 'node:fs'
import { join } from 'node:path'
import { type Benchmark, count, type Figure, perSecond } from './harness/figure.ts'
import { callers, elapsed, inTurns } from './harness/measure.ts'
import { emptyStore, type Row, rawStore, rowsIn, transactionClock, transactionsOf } from './harness/raw-sqlite.ts'
import { outcome, requestFor } from './harness/requests.ts'
import { withLedger } from './harness/sqlite-ledger.ts'

const cycles = 6400
const atOnce = 64
const rounds = 5

/** Reserves and completes every key once, and says how long it took. */
const ledgerRun = (file: string): Promise<number> =>
  withLedger({ file, now: transactionClock() }, (ledger) =>
    elapsed(() =>
      callers(atOnce, cycles, async (index) => {
        const answer = await ledger.reserve(requestFor(`key-${index}`))
        if (answer._tag !== 'Reserved') throw new Error(`answered ${answer._tag}`)
        await ledger.complete({ claim: answer.claim, outcome })
      })
    )
  )

/** What the first round's file takes; the log is folded in. */
const bytesIn = (folder: string, of: 'ledger' | 'raw'): number => statSync(join(folder, `${of}-0.db`)).size

const rawRun = async (file: string, transactions: ReadonlyArray<ReadonlyArray<Row>>): Promise<number> => {
  emptyStore(file)
  const raw = rawStore(file)
  const ms = await elapsed(() => {
    for (const rows of transactions) raw.transaction(rows)
  })
  raw.close()
  return ms
}

export const sqliteCycles: Benchmark = {
  name: 'sqlite-cycles',
  about: 'durable reserve + complete on SQLite, synchronous=FULL, 64 callers, beside raw prepared inserts',
  run: async (folder): Promise<ReadonlyArray<Figure>> => {
    let transactions: ReadonlyArray<ReadonlyArray<Row>> = []
    const [ledger, raw, ratio] = await inTurns(
      rounds,
      async (round) => {
        const file = join(folder, `ledger-${round}.db`)
        const ms = await ledgerRun(file)
        transactions = transactionsOf(await rowsIn(file))
        return ms
      },
      (round) => rawRun(join(folder, `raw-${round}.db`), transactions)
    )
    return [
      {
        what: `${count(cycles)} cycles in ${count(transactions.length)} transactions`,
        measured: `${perSecond(cycles, ledger)} cycles`,
        reference: `${perSecond(cycles, raw)} as raw inserts of schema 1's rows in the same transactions`,
        value: ratio,
        goal: { atLeast: 0.5 }
      },
      {
        what: 'bytes on disk of a completed key',
        measured: `${Math.round(bytesIn(folder, 'ledger') / cycles)} B`,
        reference: `${Math.round(bytesIn(folder, 'raw') / cycles)} B of schema 1`,
        value: bytesIn(folder, 'ledger') / bytesIn(folder, 'raw'),
        goal: { atMost: 0.33 }
      }
    ]
  }
}
