import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { inChunks, reservedRows } from './harness/corpus.ts'
import { benchmark, count, measured, perSecond } from './harness/figure.ts'
import { callers, elapsed, median } from './harness/measure.ts'
import { emptyStore, type Row, rawStore, rowsIn, transactionClock, transactionsOf } from './harness/raw-sqlite.ts'
import { requestFor } from './harness/requests.ts'
import { rounds } from './harness/rounds.ts'
import { withLedger } from './harness/sqlite-ledger.ts'

const sizes = [1_000, 1_000_000] as const
const reserves = 2_000
const atOnce = 64
const usualRounds = 5

/** A real first reserve's row, to fill stores with. */
const sampleRow = async (folder: string): Promise<Row> => {
  const file = join(folder, 'sample.db')
  await withLedger({ file }, (ledger) => ledger.reserve(requestFor('sample')))
  const [row] = await rowsIn(file)
  if (row === undefined) throw new Error('the sample was not written')
  return row
}

const filled = (file: string, like: Row, keys: number): void => {
  emptyStore(file)
  const raw = rawStore(file, 'OFF')
  for (const rows of inChunks(reservedRows(like, 0, keys), 20_000)) raw.transaction(rows)
  raw.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  raw.close()
}

const reserveRun = (file: string, round: number): Promise<number> =>
  withLedger({ file, now: transactionClock() }, (ledger) =>
    elapsed(() =>
      callers(atOnce, reserves, async (index) => {
        const answer = await ledger.reserve(requestFor(`round ${round} key ${index}`))
        if (answer._tag !== 'Reserved') throw new Error(`answered ${answer._tag}`)
      })
    )
  )

const rawRun = async (file: string, transactions: ReadonlyArray<ReadonlyArray<Row>>): Promise<number> => {
  const raw = rawStore(file)
  const ms = await elapsed(() => {
    for (const rows of transactions) raw.transaction(rows)
  })
  raw.close()
  return ms
}

type Timed = { readonly ledger: Array<number>; readonly raw: Array<number> }

export const sqliteGrowth = benchmark({
  name: 'sqlite-growth',
  about: 'first reserves on SQLite with 1,000,000 keys in the store against 1,000, beside raw inserts',
  goals: {
    'growth of the time of a first reserve, beside raw inserts of its rows': { atMost: 1.1 },
    'first reserves at 1,000,000 keys, beside raw inserts': 'told'
  },
  run: async (folder) => {
    const like = await sampleRow(folder)
    const files = new Map<number, string>()
    for (const size of sizes) {
      const file = join(folder, `${size}.db`)
      filled(`${file}.raw`, like, size)
      copyFileSync(`${file}.raw`, file)
      // migrates it
      await withLedger({ file }, async () => undefined)
      files.set(size, file)
    }
    const times: ReadonlyMap<number, Timed> = new Map(sizes.map((size) => [size, { ledger: [], raw: [] }]))
    for (let round = 0; round < rounds(usualRounds); round++) {
      for (const [size, { ledger, raw }] of times) {
        const file = files.get(size) ?? ''
        ledger.push(await reserveRun(file, round))
        const rows = await rowsIn(file, size + round * reserves)
        raw.push(await rawRun(`${file}.raw`, transactionsOf(rows)))
      }
    }
    const [few, many] = sizes.map((size) => {
      const { ledger = [], raw = [] } = times.get(size) ?? {}
      return { ledger: median(ledger), raw: median(raw) }
    })
    if (few === undefined || many === undefined) throw new Error('nothing was measured')
    const growth = many.ledger / few.ledger
    const rawGrowth = many.raw / few.raw
    return {
      'growth of the time of a first reserve, beside raw inserts of its rows': measured({
        measured: `${perSecond(reserves, few.ledger)} at ${count(sizes[0])}, ${perSecond(reserves, many.ledger)} at ${count(sizes[1])}: ×${growth.toFixed(2)} the time`,
        reference: `${perSecond(reserves, few.raw)} and ${perSecond(reserves, many.raw)}: ×${rawGrowth.toFixed(2)}`,
        value: growth / rawGrowth
      }),
      'first reserves at 1,000,000 keys, beside raw inserts': measured({
        measured: perSecond(reserves, many.ledger),
        reference: perSecond(reserves, many.raw),
        value: many.raw / many.ledger
      })
    }
  }
})
