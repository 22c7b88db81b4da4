import { describe, expect, it } from 'vitest'
import type { HistoryEntry } from '../../src/application/use-cases/history.ts'
import { createLedger } from '../../src/composition/ledger.ts'
import { openEventStoreDbStore } from '../../src/eventstoredb.ts'
import { seeded } from '../load/seeded.ts'
import { faultsAt, serverInThread } from '../load/server.ts'
import { program, start } from '../support/child.ts'
import { freshCategory } from '../support/eventstoredb.ts'
import { sqliteStoreOn } from '../support/sqlite-store.ts'
import { temporaryFile } from '../support/temporary-file.ts'
import { counterService, type Effect } from './counter-service.ts'
import type { OnceOrder, OnceSaid } from './once-child.ts'

/** For a machine that has much else to do; a hang is longer. */
const timeout = 600_000

const worker = program('test/process/once-child.ts')
const tenant = { orgId: 'acme', workspaceId: 'shop' }

/** `npm run test:long` kills fifty times, and asks more often. */
const killsIn = (short: number) => Number(process.env['KEYFOLD_ONCE_KILLS'] ?? short)
const requested = Number(process.env['KEYFOLD_ONCE_REQUESTS'] ?? 150)

type World = Pick<OnceOrder, 'store' | 'category'> & {
  readonly historyOf: (key: string) => Promise<ReadonlyArray<HistoryEntry>>
}

const onSqlite = async (): Promise<World> => {
  const file = temporaryFile('store.db')
  const category = 'once'
  const ledger = createLedger({ store: await sqliteStoreOn({ file }), category })
  return { store: { file }, category, historyOf: (key) => ledger.history({ tenant, operation: 'count', key }) }
}

/** A tenth of the appends meets a fault, before the commit or after it. */
const onFaultyServer = async (): Promise<World> => {
  const faults = [...faultsAt('before'), ...faultsAt('after')]
  const { url } = await serverInThread({ nodes: 1, seed: 5, share: 0.1, faults })
  const category = freshCategory()
  const store = await openEventStoreDbStore({ connectionString: url, deadlineMs: 2000 })
  const ledger = createLedger({ store, category })
  return {
    store: { connectionString: url },
    category,
    historyOf: (key) => ledger.history({ tenant, operation: 'count', key })
  }
}

const answersOf = (said: ReadonlyArray<OnceSaid>) => said.flatMap((one) => (one._tag === 'Answered' ? [one] : []))
/** Done, or known to be in doubt: a point that could not be written leaves it so. */
const isOver = ({ answer }: Extract<OnceSaid, { _tag: 'Answered' }>): boolean =>
  answer === 'Ran' || answer === 'Replayed' || answer === 'InDoubt'
const threwIn = (said: ReadonlyArray<OnceSaid>) => said.filter(({ _tag }) => _tag === 'Threw')

const countBy = (effects: ReadonlyArray<Effect>, name: (effect: Effect) => string): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>()
  for (const effect of effects) counts.set(name(effect), (counts.get(name(effect)) ?? 0) + 1)
  return counts
}

/** What the history of a key says of the effects that were had for it. Gives how often it was taken over. */
const judge = async ({ historyOf }: World, key: string, effects: ReadonlyArray<Effect>): Promise<number> => {
  const history = await historyOf(key)
  const reserved = history.flatMap((event) => (event.type === 'Reserved' ? [event.data] : []))
  const ended = history.filter(({ type }) => type === 'Completed' || type === 'MarkedInDoubt')
  expect(ended, key).toHaveLength(1)
  const here = effects.filter((effect) => effect.key === key)
  // no step runs twice in an epoch
  expect([...countBy(here, ({ step, epoch }) => `${step} ${epoch}`).values()].filter((count) => count > 1)).toEqual([])
  for (const { epoch } of here) {
    const mine = reserved.find((one) => one.epoch === epoch)
    // every execution has an epoch, and every later one goes on from a recorded takeover, or from what was given back
    expect(mine, `${key}, epoch ${epoch}`).toBeDefined()
    if (epoch > 1) expect(['lease', 'released'], `${key}, epoch ${epoch}`).toContain(mine?.after?.reason)
  }
  for (const first of here) {
    for (const later of here.filter(({ step, epoch }) => step === first.step && epoch > first.epoch)) {
      // a release says that nothing happened: it is no excuse for a second time, as a lease that ran out is
      const lapsed = reserved.filter(
        ({ epoch, after }) => epoch > first.epoch && epoch <= later.epoch && after?.reason === 'lease'
      )
      expect(lapsed.length, `${key}, ${first.step} in ${first.epoch} and ${later.epoch}`).toBeGreaterThan(0)
    }
  }
  for (const event of history) {
    if (event.type !== 'RecoveryPointReached') continue
    const again = here.filter(({ step, epoch }) => step === event.data.name && epoch > event.data.epoch)
    // what the points promise is not run again
    expect(again, `${key}, ${event.data.name}`).toEqual([])
  }
  return reserved.filter(({ after }) => after?.reason === 'lease').length
}

describe.each([
  // a lease has to be longer than a store takes to answer at its slowest
  ['one SQLite file', onSqlite, requested, 50, killsIn(2), 700],
  ['an EventStoreDB with faults in a tenth of the appends', onFaultyServer, requested, 50, killsIn(1), 5000]
] as const)('two processes on %s', (_, open, requests, common, kills, lease) => {
  it(`have every effect once, of ${requests} requests each with ${common} keys in common`, { timeout }, async () => {
    const world = await open()
    const service = await counterService()
    const keysOf = (name: string) =>
      Array.from({ length: requests }, (_, n) => (n % (requests / common) < 1 ? `common ${n}` : `${name} ${n}`))
    const { store, category } = world
    const shared = {
      store,
      category,
      service: service.url,
      steps: ['count'],
      callers: 16,
      lease: 60_000,
      untilDone: true
    }
    const workers = ['a', 'b'].map((name) => start<OnceSaid>(worker, { ...shared, keys: keysOf(name) }))
    await Promise.all(workers.map((one) => one.end()))
    const said = workers.flatMap((one) => one.said)
    const answers = answersOf(said).filter(({ answer }) => answer === 'Ran' || answer === 'Replayed')
    expect(answers).toHaveLength(2 * requests)
    const keys = new Set([...keysOf('a'), ...keysOf('b')])
    expect(keys.size).toBe(2 * requests - common)
    expect(service.effects.length).toBe(keys.size)
    expect(new Set(service.effects.map(({ key }) => key)).size).toBe(keys.size)
    // whoever asked for a key was given the same
    for (const key of keysOf('a').filter((name) => name.startsWith('common'))) {
      const values = answers.filter((one) => one.key === key).map(({ value }) => JSON.stringify(value))
      expect([values.length, new Set(values).size], key).toEqual([2, 1])
    }
    console.info(`${answers.length} answers, ${service.effects.length} effects, ${threwIn(said).length} asked again`)
  })

  it(`repeat nothing that a point promises, killed ${kills} times at three steps a task`, { timeout }, async () => {
    const world = await open()
    const service = await counterService()
    const chance = seeded(7)
    const { store, category } = world
    const steps = ['hold', 'charge', 'mail']
    const shared = { store, category, service: service.url, steps, callers: 4, lease, untilDone: true }
    const all: Array<string> = []
    for (let round = 0; round < kills; round++) {
      const keys = Array.from({ length: 8 }, (_, n) => `round ${round} key ${n}`)
      all.push(...keys)
      // it is killed in the middle of a step whose effect was had, while the other works beside it
      const stuck = service.silentAfter(1 + Math.floor(chance() * 18))
      const victim = start<OnceSaid>(worker, { ...shared, keys })
      await stuck
      const heir = start<OnceSaid>(worker, { ...shared, keys: keys.toReversed() })
      await heir.hear(({ _tag }) => _tag === 'Ready')
      await victim.kill()
      await heir.end()
      const answers = answersOf(heir.said)
      expect(keys.filter((key) => !answers.some((one) => one.key === key && isOver(one)))).toEqual([])
    }
    let takeovers = 0
    for (const key of all) takeovers += await judge(world, key, service.effects)
    // who is killed at work leaves it to be taken over: else there was nothing to judge
    expect(takeovers).toBeGreaterThanOrEqual(kills)
    const again = [...countBy(service.effects, ({ key, step }) => `${key} ${step}`).values()].filter((n) => n > 1)
    console.info(
      `${service.effects.length} effects of ${all.length * 3} steps, ${again.length} had more than once, ${takeovers} takeovers`
    )
  })
})
