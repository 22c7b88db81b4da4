import { describe, expect, it, onTestFinished } from 'vitest'
import type { EventStore } from '../../src/application/ports/event-store.ts'
import { openEventStoreDbStore } from '../../src/eventstoredb.ts'
import { judge } from '../chaos/judge.ts'
import { isInDoubt, tookMs } from '../chaos/told.ts'
import { forbidUnhandledRejections, freshCategory, realServer } from '../support/eventstoredb.ts'
import { eventually } from '../support/eventually.ts'
import { readLog } from '../support/read-log.ts'
import { deadlineMs, type Load, runLoad } from './callers.ts'
import { seeded } from './seeded.ts'
import { faultsAt, type Server, serverInThread } from './server.ts'

forbidUnhandledRejections()

const asked = process.env['KEYFOLD_LOAD_KEYS']
/**
 * So many that every fault comes, and their share is what it is to be: by this seed that is so from 460 appends on, and a
 * key has three or so. `npm run test:long` has 10,000.
 */
const manyKeys = Number(asked ?? 300)
const seedOfAll = 77
/** Where a fault is not counted against its share: three visits a key are many between two leaders. */
const [troubledKeys, quietKeys] = asked === undefined ? [550, 64] : [800, 250]

const minutes = (count: number): number => count * 60_000

const storesOn = async (
  connectionString: string,
  count: number,
  deadlineMs: number
): Promise<ReadonlyArray<EventStore>> => {
  const stores = await Promise.all(
    Array.from({ length: count }, () => openEventStoreDbStore({ connectionString, deadlineMs }))
  )
  onTestFinished(async () => {
    await Promise.all(stores.map((store) => store.dispose()))
  })
  return stores
}

/** Runs a load, and holds everything that anybody was told against the log. */
const run = async (load: Omit<Load, 'category'>): Promise<void> => {
  const category = freshCategory()
  const begun = performance.now()
  const { told, unanswered } = await runLoad({ ...load, category })
  const seconds = (performance.now() - begun) / 1000
  const answers = `${told.length} answers for ${load.keys} keys in ${seconds.toFixed(1)} s`
  console.info(`${answers}, ${Math.round(told.length / seconds)} a second`)
  expect(unanswered).toBe(0)
  // no fault is as long as a command has to get over it
  expect(told.filter(isInDoubt)).toEqual([])
  const [store] = load.stores
  if (store === undefined) return expect.fail('no store')
  const streams = await readLog(store, `${category}-idem_`)
  expect(streams.size).toBe(load.keys)
  expect(judge({ category, told, streams, isLate: (one) => tookMs(one) > deadlineMs })).toEqual([])
}

/** Faults can be made in a stand-in only. */
const overTheStandIn: (name: string, test: () => Promise<void>, ms: number) => void =
  realServer === undefined ? it : () => {}

const struckBy = async (server: Server): Promise<number> =>
  Object.values(await server.struck()).reduce((sum, count) => sum + count, 0)

describe('load, every answer held against the log', () => {
  overTheStandIn(
    `64 callers, ${manyKeys} keys, rivals on each; a tenth of the appends loses its answer after the commit`,
    async () => {
      const faults = faultsAt('after')
      const server = await serverInThread({ nodes: 1, seed: seedOfAll, share: 0.1, faults })
      const stores = await storesOn(server.url, 2, 2000)
      await run({ stores, keys: manyKeys, rivals: 2, callers: 64, chance: seeded(2) })
      const share = (await struckBy(server)) / (await server.appends())
      expect(share).toBeGreaterThan(0.09)
      expect(share).toBeLessThan(0.11)
      expect(Object.keys(await server.struck())).toHaveLength(faults.length)
    },
    minutes(5)
  )

  overTheStandIn(
    'faults before and after the commit, while leaders change, are away, stop and restart',
    async () => {
      const faults = [...faultsAt('before'), ...faultsAt('after')]
      const server = await serverInThread({ nodes: 3, seed: 3, share: 0.1, faults })
      const stores = await storesOn(server.url, 3, 4000)
      const [keys, rivals] = [troubledKeys, 3]
      let done = 0
      const reached = (share: number): Promise<void> =>
        eventually(() => expect(done).toBeGreaterThanOrEqual(share * keys * rivals), minutes(4))
      const trouble = async (): Promise<void> => {
        await reached(0.1)
        await server.lead(1)
        await reached(0.3)
        await server.resign(1)
        // while nobody leads whoever must read first asks who does, and appends nothing
        const before = await server.calls()
        await eventually(async () => expect(await server.calls()).toBeGreaterThan(before + 100), minutes(1))
        await server.lead(2)
        await reached(0.5)
        await server.stop(2)
        await server.lead(0)
        await reached(0.7)
        await server.restart(0)
        await server.lead(0)
        await reached(0.8)
        await server.stop(0)
        await server.restart(2)
        await server.lead(2)
      }
      await Promise.all([
        run({ stores, keys, rivals, callers: 64, chance: seeded(4), onProgress: (count) => (done = count) }),
        trouble()
      ])
      expect(await struckBy(server)).toBeGreaterThan(100)
    },
    minutes(5)
  )

  it(
    `64 callers, rivals on each key, ${realServer === undefined ? 'no faults' : 'on a real server'}`,
    async () => {
      const url = realServer ?? (await serverInThread({ nodes: 1, seed: 5, share: 0, faults: [] })).url
      const stores = await storesOn(url, 4, 10_000)
      await run({ stores, keys: quietKeys, rivals: 4, callers: 64, chance: seeded(6) })
    },
    minutes(5)
  )
})
