import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import type { EventStore, RecordedEvent } from '../../src/application/ports/event-store.ts'
import { createLedger } from '../../src/index.ts'
import { createProjections, openSqliteViews } from '../../src/projections.ts'
import { openSqliteStore } from '../../src/sqlite.ts'
import { seeded } from '../load/seeded.ts'
import { program, start } from '../support/child.ts'
import { standIn, storeOn } from '../support/eventstoredb.ts'
import { temporaryFile } from '../support/temporary-file.ts'
import type { RunnerSaid } from './runner-child.ts'
import { countsByType, countsOfKeys } from './three-projections.ts'

/** How often the runner is killed in each setting, and over how many events: `npm run test:long` asks for many more. */
const kills = Number(process.env['KEYFOLD_RUNNER_KILLS'] ?? 2)
const events = Number(process.env['KEYFOLD_RUNNER_EVENTS'] ?? 1500)

/** For a machine that has much else to do; a hang is longer. */
const timeout = 60_000 + kills * 10_000

const runner = program('test/projections/runner-child.ts')

const tenant = { orgId: 'acme', workspaceId: 'shop' } as const

/** A third of the events are reservations, a third duplicates, a third completions. */
const fill = async (store: EventStore): Promise<void> => {
  const ledger = createLedger({ store })
  const one = async (n: number): Promise<void> => {
    const request = { tenant, operation: 'charge', key: `key ${n}`, owner: 'me', requestFingerprint: 'f' }
    const answer = await ledger.reserve({ ...request, lease: 'none' })
    if (answer._tag !== 'Reserved') throw new Error(answer._tag)
    await ledger.reserve({ ...request, lease: 'none' })
    await ledger.complete({ claim: answer.claim, outcome: { outcomeKind: 'charged' } })
  }
  const callers = 32
  let next = 0
  const caller = async (): Promise<void> => {
    while (next < events / 3) await one(next++)
  }
  await Promise.all(Array.from({ length: callers }, caller))
  await ledger.dispose()
}

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

const settings = [
  ['SQLite', 1],
  ['SQLite', 4],
  ['the stand-in', 1],
  ['the stand-in', 4]
] as const

describe('a runner that is killed at its work', () => {
  it.each(settings)(
    'over %s with partitions: %i, loses no event and counts none twice',
    { timeout },
    async (kind, partitions) => {
      const address = kind === 'SQLite' ? temporaryFile('store.db') : (await standIn()).url
      const open = () => (kind === 'SQLite' ? openSqliteStore({ file: address }) : storeOn(address))
      const store = await open()
      await fill(store)
      const views = temporaryFile('views.db')
      const chance = seeded(partitions)
      const batchSize = Math.max(1, Math.round(events / kills / 20 / partitions))
      for (let kill = 0; kill < kills; kill++) {
        const victim = start<RunnerSaid>(runner, { store: address, views, partitions, batchSize })
        const enough = Math.floor(chance() * 40)
        // where it has come to the end it says no more
        const isDone = (): boolean => {
          const done = new Map(victim.said.map(({ partition, events: taken }) => [partition, taken]))
          return [...done.values()].reduce((sum, taken) => sum + taken, 0) >= events
        }
        await victim.hear(() => victim.said.length > enough || isDone())
        expect(victim.isAlive()).toBe(true)
        await victim.kill()
      }
      const last = start<RunnerSaid>(runner, { store: address, views, partitions, batchSize: 1000 })
      const opened = await openSqliteViews({ file: views })
      const projections = createProjections({ store, views: opened })
      for (const { name } of [countsOfKeys, countsByType]) {
        expect(await projections.waitUntil(name, 'end', { withinMs: timeout })).toBe(true)
      }
      await last.kill()
      const { byKey, byType } = countsIn(await logOf(store))
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
      for (const projection of [countsOfKeys, countsByType]) {
        expect(await projections.verify(projection)).toMatchObject({ events, difference: undefined })
      }
      await projections.dispose()
      await opened.dispose()
      await store.dispose()
    }
  )
})
