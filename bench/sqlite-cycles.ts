import { statSync } from 'node:fs'
import { join } from 'node:path'
import { benchmark, count, type Measured, measured, perSecond } from './harness/figure.ts'
import { callers, elapsed, inTurns, median, ratio } from './harness/measure.ts'
import { emptyStore, type Row, rawStore, rowsIn, transactionClock, transactionsOf } from './harness/raw-sqlite.ts'
import { outcome, requestFor } from './harness/requests.ts'
import { withLedger } from './harness/sqlite-ledger.ts'
import { schema1Raw } from './schema-1/raw-store.ts'
import { cycleRows, reserveRows } from './schema-1/rows.ts'

const cycles = 6400
const atOnce = 64
const usualRounds = 7
const manyKeys = 200_000

/** Reserves and completes keys of a round once each, and says how long it took. */
const ledgerRun = (file: string, round = 0): Promise<number> =>
  withLedger({ file, now: transactionClock() }, (ledger) =>
    elapsed(() =>
      callers(atOnce, cycles, async (index) => {
        const answer = await ledger.reserve(requestFor(`round ${round} key ${index}`))
        if (answer._tag !== 'Reserved') throw new Error(`answered ${answer._tag}`)
        await ledger.complete({ claim: answer.claim, outcome })
      })
    )
  )

const rawRun = async (file: string, transactions: ReadonlyArray<ReadonlyArray<Row>>): Promise<number> => {
  emptyStore(file)
  const raw = rawStore(file)
  const ms = await elapsed(() => {
    for (const rows of transactions) raw.transaction(rows)
  })
  raw.close()
  return ms
}

const schema1Run = async (file: string, round: number): Promise<number> => {
  const rows = await cycleRows(round, cycles, atOnce)
  const raw = schema1Raw(file)
  const ms = await elapsed(() => raw.insert(rows, atOnce))
  raw.close()
  return ms
}

const beside = (ours: ReadonlyArray<number>, raw: ReadonlyArray<number>): Measured =>
  measured({
    measured: perSecond(cycles, median(ours)),
    reference: perSecond(cycles, median(raw)),
    value: ratio(raw, ours)
  })

const emptyFiles = async (folder: string) => {
  let transactions: ReadonlyArray<ReadonlyArray<Row>> = []
  const file = (name: string, round: number): string => join(folder, `${name}-${round}.db`)
  const times = await inTurns(usualRounds, {
    ledger: async (round) => {
      const ms = await ledgerRun(file('ledger', round))
      transactions = transactionsOf(await rowsIn(file('ledger', round)))
      return ms
    },
    same: (round) => rawRun(file('raw', round), transactions),
    schema1: (round) => schema1Run(file('schema-1', round), round)
  })
  const bytes = (name: string): number => statSync(file(name, 0)).size / cycles
  return { times, transactions: transactions.length, bytes: bytes('ledger'), schema1Bytes: bytes('schema-1') }
}

/** The same with many keys in both files, which grow by those of each round. */
const fullFiles = async (folder: string): Promise<Measured> => {
  const [ours, raws] = [join(folder, 'many.db'), join(folder, 'many-schema-1.db')]
  await withLedger({ file: ours, synchronous: 'NORMAL' }, (ledger) =>
    callers(256, manyKeys, (index) => ledger.reserve(requestFor(`filling ${index}`)))
  )
  const [like] = await cycleRows(0, 1, 1)
  if (like === undefined) throw new Error('the sample was not written')
  const raw = schema1Raw(raws, 'OFF')
  raw.insert(reserveRows(like, manyKeys), 20_000)
  raw.close()
  const times = await inTurns(usualRounds, {
    ledger: (round) => ledgerRun(ours, round),
    schema1: (round) => schema1Run(raws, round)
  })
  return beside(times.ledger, times.schema1)
}

export const sqliteCycles = benchmark({
  name: 'sqlite-cycles',
  about: 'durable reserve + complete on SQLite, FULL, 64 callers, cycles a second, beside raw prepared inserts',
  goals: {
    "beside schema 1's rows, 64 a transaction": { atLeast: 0.65 },
    'beside the same rows in the same transactions as the run had': { atLeast: 0.75 },
    "beside schema 1's rows, 64 a transaction, 200,000 keys in both files": { atLeast: 0.8 },
    'bytes on disk of a completed key, beside schema 1': { atMost: 0.33 }
  },
  run: async (folder) => {
    const { times, transactions, bytes, schema1Bytes } = await emptyFiles(folder)
    const same = beside(times.ledger, times.same)
    return {
      "beside schema 1's rows, 64 a transaction": beside(times.ledger, times.schema1),
      'beside the same rows in the same transactions as the run had': {
        ...same,
        reference: `${same.reference}, ${count(transactions)} transactions`
      },
      "beside schema 1's rows, 64 a transaction, 200,000 keys in both files": await fullFiles(folder),
      'bytes on disk of a completed key, beside schema 1': measured({
        measured: count(bytes),
        reference: count(schema1Bytes),
        value: bytes / schema1Bytes
      })
    }
  }
})
