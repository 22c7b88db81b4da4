import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import type { EventStore, RecordedEvent } from '../../src/application/ports/event-store.ts'
import { createProjections, openSqliteViews, type Projections } from '../../src/projections.ts'
import { openSqliteStore } from '../../src/sqlite.ts'
import { seeded } from '../load/seeded.ts'
import { type Child, program, start } from '../support/child.ts'
import { standIn, storeOn } from '../support/eventstoredb.ts'
import { temporaryFile } from '../support/temporary-file.ts'
import type { RunnerSaid, RunnerTask } from './runner-child.ts'
import { countsByType, countsOfKeys } from './three-projections.ts'
import { writeKeys } from './write-keys.ts'

/**
 * How often what feeds the views is killed in each setting, and over how many events: `npm run test:long` asks for many more.
 * The short form kills fifty times in all, and less often over the stand-in, whose runners take longest to begin, and read
 * every event once a partition.
 */
const killsInSettings = [12, 12, 11, 11, 2, 2] as const
const asked = process.env['KEYFOLD_RUNNER_KILLS']
const eventsInSettings = [240, 240, 450, 450, 120, 120] as const
const askedEvents = process.env['KEYFOLD_RUNNER_EVENTS']

const settings = (
  [
    ['inline', 'SQLite', 1],
    ['inline', 'SQLite', 4],
    ['run', 'SQLite', 1],
    ['run', 'SQLite', 4],
    ['run', 'the stand-in', 1],
    ['run', 'the stand-in', 4]
  ] as const
).map(([how, kind, partitions], index) => ({
  how,
  kind,
  partitions,
  events: Number(askedEvents ?? eventsInSettings[index]),
  kills: asked === undefined ? (killsInSettings[index] ?? 1) : Number(asked)
}))

/** For a machine that has much else to do; a hang is longer. */
const timeoutOf = (kills: number): number => 60_000 + kills * 10_000

const runner = program('test/projections/runner-child.ts')
const projectionsOf = [countsOfKeys, countsByType]

const logOf = async (store: EventStore): Promise<ReadonlyArray<RecordedEvent>> => {
  const all: Array<RecordedEvent> = []
  for (let next = 'start'; ; ) {
    const page = await store.readAll(next, 'idempotency-idem_', 5000)()
    if (E.isLeft(page)) throw new Error(`${page.left._tag}: ${page.left.message}`)
    all.push(...page.right.events)
    next = page.right.next
    if (page.right.atEnd) return all
  }
}

/** Counts by what is asked for, taken from the log by nothing that is under test. */
const countsIn = (log: ReadonlyArray<RecordedEvent>) => {
  const byType: { [type: string]: number } = {}
  const byKey: { [recordId: string]: { [type: string]: number } } = {}
  for (const { type, stream } of log) {
    byType[type] = (byType[type] ?? 0) + 1
    const recordId = stream.slice('idempotency-'.length)
    byKey[recordId] ??= {}
    const counts = byKey[recordId]
    counts[type] = (counts[type] ?? 0) + 1
  }
  return { byType, byKey }
}

/** The views hold what the log does, and are its fold. */
const expectWhole = async (store: EventStore, projections: Projections): Promise<number> => {
  const log = await logOf(store)
  const { byKey, byType } = countsIn(log)
  const seen: { [recordId: string]: unknown } = {}
  for (let after: string | undefined; ; ) {
    const { rows, next } = await projections.view(countsOfKeys).page({ after, limit: 1000 })
    for (const { row, state } of rows) seen[row] = state
    if (next === undefined) break
    after = next
  }
  expect(seen).toEqual(byKey)
  for (const [type, count] of Object.entries(byType)) {
    expect(await projections.view(countsByType).get(type)).toBe(count)
  }
  for (const projection of projectionsOf) {
    expect(await projections.verify(projection)).toMatchObject({ events: log.length, difference: undefined })
  }
  return log.length
}

/** So many children one after another, each started while the one before it works. */
const relay = (kind: 'SQLite' | 'the stand-in', count: number) => {
  let left = count
  const spare = (): Child<RunnerSaid> | undefined =>
    left-- > 0 ? start<RunnerSaid>(runner, kind === 'SQLite' ? 'file' : 'server') : undefined
  let next = spare()
  return async (task: RunnerTask): Promise<Child<RunnerSaid>> => {
    const one = next ?? expect.unreachable()
    next = spare()
    await one.hear(({ _tag }) => _tag === 'Ready')
    one.tell(task)
    return one
  }
}

const eventsIn = ({ said }: Child<RunnerSaid>): number => {
  const done = new Map<number, number>()
  for (const one of said) if (one._tag === 'Checkpoint') done.set(one.partition, one.events)
  return [...done.values()].reduce((sum, taken) => sum + taken, 0)
}

describe('what feeds views and is killed at its work', () => {
  it.each(settings)(
    'loses no event and counts none twice: $how over $kind, partitions: $partitions, kills: $kills',
    { timeout: 600_000 + timeoutOf(Number(asked ?? 10)) },
    async ({ how, kind, partitions, events, kills }) => {
      const address = kind === 'SQLite' ? temporaryFile('store.db') : (await standIn()).url
      const store = await (kind === 'SQLite' ? openSqliteStore({ file: address }) : storeOn(address))
      const views = how === 'inline' ? address : temporaryFile('views.db')
      const opened = await openSqliteViews({ file: views })
      const projections = createProjections({ store, views: opened })
      const perKill = Math.ceil(events / 3 / kills)
      if (how === 'run') await writeKeys(store, 0, events / 3, () => {})
      else for (const projection of projectionsOf) await projections.rebuild(projection, { partitions })
      const chance = seeded(partitions)
      const batchSize = Math.max(1, Math.round(events / kills / 20 / partitions))
      const task = { how, store: address, views, partitions, batchSize } as const
      const follow = relay(kind, kills + 1)
      for (let kill = 0; kill < kills; kill++) {
        const victim = await follow({ ...task, keys: [kill * 1_000_000, (kill + 1) * 1_000_000] })
        const enough = 1 + Math.floor(chance() * (how === 'run' ? 40 : 2 * perKill))
        // where it has come to the end it says no more
        await victim.hear(() => victim.said.length > enough || (how === 'run' && eventsIn(victim) >= events))
        expect(victim.isAlive()).toBe(true)
        await victim.kill()
        if (how === 'run') continue
        // it was one transaction: nothing is behind, whenever that was
        for (const { name } of projectionsOf) {
          expect(await projections.waitUntil(name, 'end', { withinMs: 0 })).toBe(true)
        }
      }
      const last = await follow({ ...task, batchSize: 1000, keys: [kills * 1_000_000, kills * 1_000_000 + 10] })
      if (how === 'inline') await last.end()
      for (const { name } of projectionsOf) {
        expect(await projections.waitUntil(name, 'end', { withinMs: timeoutOf(kills) })).toBe(true)
      }
      await last.kill()
      const whole = await expectWhole(store, projections)
      if (how === 'run') expect(whole).toBe(events)
      await projections.dispose()
      await opened.dispose()
      await store.dispose()
    }
  )
})

describe('two processes that keep one view inline', () => {
  it('write beside each other, and beside one that knows nothing of it, and the view is whole', async () => {
    const file = temporaryFile('store.db')
    const store = await openSqliteStore({ file })
    const opened = await openSqliteViews({ file })
    const projections = createProjections({ store, views: opened })
    const task = { how: 'inline', store: file, views: file, partitions: 1, batchSize: 1 } as const
    const follow = relay('SQLite', 2)
    const children = [await follow({ ...task, keys: [0, 100] }), await follow({ ...task, keys: [1000, 1100] })]
    await writeKeys(store, 2000, 2100, () => {})
    await Promise.all(children.map(({ end }) => end()))
    // what was written after the last of them ended is taken in by the next
    await (await openSqliteStore({ file, inline: [countsOfKeys, countsByType] })).dispose()
    expect(await expectWhole(store, projections)).toBe(900)
    await projections.dispose()
    await opened.dispose()
    await store.dispose()
  })
})
