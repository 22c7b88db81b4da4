import { statSync } from 'node:fs'
import { setImmediate as turn } from 'node:timers/promises'
import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import { connect } from '../../src/adapters/sqlite/connection.ts'
import type { EventStore, RecordedEvent } from '../../src/application/ports/event-store.ts'
import { openSqliteStore } from '../../src/sqlite.ts'
import { appendOf } from '../support/append-of.ts'
import { program, start } from '../support/child.ts'
import { sqliteStoreOn } from '../support/sqlite-store.ts'
import { temporaryFile } from '../support/temporary-file.ts'
import type { Written } from './writer-child.ts'

/** Three events that were written together by the test itself. */
const three = (mark: string) => appendOf(3, undefined, undefined, { batch: mark }).events

/** For a machine that has much else to do; a hang is longer. */
const timeout = 300_000

const writer = program('test/process/writer-child.ts')

const batchOf = ({ data }: RecordedEvent): string => JSON.parse(data).batch

const logOf = async (store: EventStore, after = 'start'): Promise<ReadonlyArray<RecordedEvent>> => {
  const events: Array<RecordedEvent> = []
  for (let next = after; ; ) {
    const page = await store.readAll(next, '', 5000)()
    if (E.isLeft(page)) throw new Error(`${page.left._tag}: ${page.left.message}`)
    events.push(...page.right.events)
    next = page.right.next
    if (page.right.atEnd) return events
  }
}

/** Every append and every transaction of the log is there with all of its three events, or with none. */
const isWhole = (log: ReadonlyArray<RecordedEvent>): void => {
  const sizes = new Map<string, number>()
  for (const event of log) sizes.set(batchOf(event), (sizes.get(batchOf(event)) ?? 0) + 1)
  expect([...sizes].filter(([, size]) => size !== 3)).toEqual([])
  const next = new Map<string, bigint>()
  const gaps = log.filter(({ stream, revision }) => {
    const expected = next.get(stream) ?? 0n
    next.set(stream, revision + 1n)
    return revision !== expected
  })
  expect(gaps).toEqual([])
}

const holds = (log: ReadonlyArray<RecordedEvent>, said: ReadonlyArray<Written>): void => {
  const there = new Map(log.map((event) => [`${event.stream} ${event.revision}`, batchOf(event)]))
  expect(said.filter(({ stream, revision, batch }) => there.get(`${stream} ${revision}`) !== batch)).toEqual([])
}

describe('a writer that is killed at its work', () => {
  it('leaves what was acknowledged, and nothing by halves; the file opens at once, and others go on', {
    timeout
  }, async () => {
    const file = temporaryFile('store.db')
    const other = start<Written>(writer, { file, worker: 'other', writer: 'worker', pauseMs: 20 })
    await other.hear(() => true)
    const said: Array<Written> = []
    for (let kill = 0; kill < 14; kill++) {
      const how = kill % 2 === 0 ? 'auto' : 'worker'
      const victim = start<Written>(writer, { file, worker: 'victim', writer: how })
      // at another moment of its work each time
      const enough = kill * 3
      await victim.hear(() => victim.said.length > enough)
      await victim.kill()
      said.push(...victim.said)
      const before = other.said.length
      const store = await openSqliteStore({ file })
      const log = await logOf(store)
      isWhole(log)
      holds(log, said)
      expect(
        E.isRight(await store.append({ ...appendOf(), stream: `parent-idem_${kill}`, events: three(`kill ${kill}`) })())
      ).toBe(true)
      await store.dispose()
      await other.hear(() => other.said.length > before)
    }
    await other.kill()
    const store = await sqliteStoreOn({ file })
    const log = await logOf(store)
    isWhole(log)
    holds(log, [...said, ...other.said])
    expect(log.filter(({ stream }) => stream.startsWith('parent-'))).toHaveLength(42)
    const connection = connect(file)
    expect(connection.prepare('PRAGMA integrity_check').rows([])).toEqual([['ok']])
    connection.close()
  })

  const size = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? -1
  it.each([
    ['once the file is there', (file: string) => size(file) >= 0],
    ['with its first transaction begun', (file: string) => size(`${file}-journal`) >= 0],
    ['once there is something in it', (file: string) => size(file) > 0],
    ['once it has a log', (file: string) => size(`${file}-wal`) >= 0],
    ['once there is something in its log', (file: string) => size(`${file}-wal`) > 0]
  ])('leaves a file that opens at once, though it was killed while it made it: %s', async (_, reached) => {
    const file = temporaryFile('store.db')
    const victim = start<Written>(writer, { file, worker: 'victim' })
    // some of these moments are short, and may be missed: then it dies at its first appends
    while (!reached(file) && victim.said.length === 0 && victim.isAlive()) await turn()
    expect(victim.isAlive()).toBe(true)
    await victim.kill()
    const store = await openSqliteStore({ file })
    const log = await logOf(store)
    isWhole(log)
    holds(log, victim.said)
    expect(E.isRight(await store.append(appendOf())())).toBe(true)
    await store.dispose()
  })
})
