import { join } from 'node:path'
import { createLedger } from '../src/index.ts'
import { openSqliteStore } from '../src/sqlite.ts'
import { benchmark, count, type Measured, measured, milliseconds, perSecond } from './harness/figure.ts'
import { callers, elapsed, inTurns, median, ratio } from './harness/measure.ts'
import { emptyStore, rawStore, rowsIn } from './harness/raw-sqlite.ts'
import { requestFor } from './harness/requests.ts'
import { withLedger } from './harness/sqlite-ledger.ts'

const short = 10
const long = 100_000
const samples = 50
const usualRounds = 7

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

/** Duplicates on a key with many events, against those on a key with few. */
const lengths = async (
  [few, many]: readonly [string, string],
  run: (file: string, key: string) => Promise<number>
): Promise<Measured> => {
  const times = await inTurns(usualRounds, { few: () => run(few, 'key'), many: () => run(many, 'key') })
  return measured({
    measured: milliseconds(median(times.many) / samples),
    reference: milliseconds(median(times.few) / samples),
    value: ratio(times.many, times.few)
  })
}

const storm = 12_800
const atOnce = 64

const hotKey = async (folder: string): Promise<Measured> => {
  const raws = join(folder, 'raw-hot.db')
  emptyStore(raws)
  let events = 0
  const times = await inTurns(usualRounds, {
    ledger: async (round) => {
      const file = join(folder, `hot-${round}.db`)
      const ms = await withLedger({ file }, async (hot) => {
        await hot.reserve(requestFor('hot'))
        return elapsed(() => callers(atOnce, storm, () => hot.reserve(requestFor('hot'))))
      })
      const rows = await rowsIn(file)
      events = rows.length - 1
      return ms
    },
    raw: async (round) => {
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
  })
  return measured({
    measured: `${perSecond(storm, median(times.ledger))}, merged into ${count(events)} events`,
    reference: `${perSecond(storm, median(times.raw))} raw inserts, one row a duplicate, 64 a transaction`,
    value: ratio(times.raw, times.ledger)
  })
}

export const sqliteKeys = benchmark({
  name: 'sqlite-keys',
  about: 'duplicates on a long key and on a hot key, on SQLite, FULL',
  goals: {
    'duplicate at 100,000 events against 10, by a ledger new to the key': { atMost: 1.3 },
    'duplicate at 100,000 events against 10, by one with its fold at hand': { atMost: 1.3 },
    '12,800 duplicates on one hot key, 64 callers': { atLeast: 0.5 }
  },
  run: async (folder) => {
    const files = [join(folder, 'short.db'), join(folder, 'long.db')] as const
    await keyWith(files[0], 'key', short)
    await keyWith(files[1], 'key', long)
    return {
      'duplicate at 100,000 events against 10, by a ledger new to the key': await lengths(files, coldDuplicates),
      'duplicate at 100,000 events against 10, by one with its fold at hand': await lengths(files, warmDuplicates),
      '12,800 duplicates on one hot key, 64 callers': await hotKey(folder)
    }
  }
})
