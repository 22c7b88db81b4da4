import { join } from 'node:path'
import { createLedger } from '../src/index.ts'
import { openSqliteStore } from '../src/sqlite.ts'
import { type Benchmark, count, type Figure, milliseconds, perSecond } from './harness/figure.ts'
import { callers, elapsed, inTurns } from './harness/measure.ts'
import { emptyStore, rawStore, rowsIn } from './harness/raw-sqlite.ts'
import { requestFor } from './harness/requests.ts'
import { withLedger } from './harness/sqlite-ledger.ts'

const short = 10
const long = 100_000
const samples = 50
const rounds = 7

/** Makes a key whose stream has so many events: one reserve, and duplicates one by one. */
const keyWith = (file: string, key: string, events: number): Promise<void> =>
  withLedger({ file, synchronous: 'NORMAL' }, async (ledger) => {
    for (let n = 0; n < events; n++) await ledger.reserve(requestFor(key))
  })

/** Duplicates to ledgers that know nothing of the key, as of a process just started: each has to read and fold. */
const coldDuplicates = async (file: string, key: string): Promise<number> => {
  const store = await openSqliteStore({ file })
  const ms = await elapsed(async () => {
    for (let n = 0; n < samples; n++) await createLedger({ store }).reserve(requestFor(key))
  })
  await store.dispose()
  return ms
}

const warmDuplicates = (file: string, key: string): Promise<number> =>
  withLedger({ file }, async (ledger) => {
    await ledger.reserve(requestFor(key))
    return elapsed(async () => {
      for (let n = 0; n < samples; n++) await ledger.reserve(requestFor(key))
    })
  })

const lengths = async (folder: string): Promise<ReadonlyArray<Figure>> => {
  const [few, many] = [join(folder, 'short.db'), join(folder, 'long.db')]
  await keyWith(few, 'key', short)
  await keyWith(many, 'key', long)
  const figures: Array<Figure> = []
  for (const [what, run] of [
    ['a ledger that knows nothing of the key', coldDuplicates],
    ['a ledger that has its fold at hand', warmDuplicates]
  ] as const) {
    const [a, b, ratio] = await inTurns(
      rounds,
      () => run(few, 'key'),
      () => run(many, 'key')
    )
    figures.push({
      what: `duplicate on a key with ${count(long)} events against ${short}, ${what}`,
      measured: milliseconds(b / samples),
      reference: milliseconds(a / samples),
      value: ratio,
      goal: { atMost: 1.3 }
    })
  }
  return figures
}

const storm = 12_800
const atOnce = 64

const hotKey = async (folder: string): Promise<Figure> => {
  const raws = join(folder, 'raw-hot.db')
  emptyStore(raws)
  let events = 0
  const [ledger, raw, ratio] = await inTurns(
    rounds,
    async (round) => {
      const file = join(folder, `hot-${round}.db`)
      const ms = await withLedger({ file }, async (hot) => {
        await hot.reserve(requestFor('hot'))
        return elapsed(() => callers(atOnce, storm, () => hot.reserve(requestFor('hot'))))
      })
      const rows = await rowsIn(file)
      events = rows.length - 1
      return ms
    },
    async (round) => {
      const [, row] = await rowsIn(join(folder, `hot-${round}.db`))
      if (row === undefined) throw new Error('no duplicate was written')
      const [, , id, ...rest] = row
      const store = rawStore(raws)
      const ms = await elapsed(() => {
        for (let n = 0; n < storm; n += atOnce) {
          store.transaction(Array.from({ length: atOnce }, (_, at) => [`hot-${round}`, n + at, id, ...rest] as const))
        }
      })
      store.close()
      return ms
    }
  )
  return {
    what: `${count(storm)} duplicates on one hot key, 64 callers, merged into ${count(events)} events`,
    measured: perSecond(storm, ledger),
    reference: `${perSecond(storm, raw)} raw inserts, one row a duplicate, 64 a transaction`,
    value: ratio,
    goal: { atLeast: 0.5 }
  }
}

export const sqliteKeys: Benchmark = {
  name: 'sqlite-keys',
  about: 'duplicates on a long key and on a hot key, on SQLite with synchronous=FULL',
  run: async (folder): Promise<ReadonlyArray<Figure>> => [...(await lengths(folder)), await hotKey(folder)]
}
