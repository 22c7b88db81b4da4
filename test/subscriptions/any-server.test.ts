import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client'
import * as E from 'fp-ts/Either'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { EventStore, LogPage } from '../../src/application/ports/event-store.ts'
import { type StandIn, startStandIn } from '../../src/testing/eventstoredb.ts'
import { forbidUnhandledRejections, freshCategory, openOn, realServer } from '../support/eventstoredb.ts'
import { eventually } from '../support/eventually.ts'
import { follow, writer } from './follow.ts'

forbidUnhandledRejections()

let server: StandIn | undefined
let url = realServer ?? ''

beforeAll(async () => {
  if (realServer === undefined) {
    server = await startStandIn()
    url = server.url
  }
  return () => server?.stop()
})

/** What needs no faults: over the stand-in, or over a real server, under names of its own. */
const setUp = async () => {
  const store = await openOn(url)
  onTestFinished(() => store.dispose())
  const category = freshCategory()
  return { store, category, prefix: `${category}-idem_` }
}

const rawClient = (): EventStoreDBClient => {
  const client = EventStoreDBClient.connectionString(url)
  onTestFinished(() => client.dispose())
  return client
}

const pageOf = async (store: EventStore, after: string | 'start', prefix: string, count: number): Promise<LogPage> => {
  const page = await store.readAll(after, prefix, count)()
  if (E.isLeft(page)) return expect.fail(page.left.message)
  return page.right
}

describe(realServer === undefined ? 'on the stand-in' : 'on a real server', () => {
  it('a subscription delivers history, says that it caught up, and goes on live', async () => {
    const { store, prefix } = await setUp()
    const { write, ids } = writer(store, prefix)
    for (let n = 0; n < 10; n++) await write(3)
    const { heard } = follow(store, prefix)
    await eventually(() => expect(heard().caughtUp).toBe(1))
    expect(heard().messages.filter((message) => message !== 'checkpoint')).toEqual([...ids, 'caught up'])
    for (let n = 0; n < 5; n++) await write(2)
    await eventually(() => expect(heard().ids).toEqual(ids))
    expect(heard().caughtUp).toBe(1)
  })

  it('a subscription resumes from any position that it gave, exclusive', async () => {
    const { store, prefix } = await setUp()
    const { write, ids } = writer(store, prefix)
    for (let n = 0; n < 8; n++) await write(2)
    const whole = follow(store, prefix)
    await eventually(() => expect(whole.heard().caughtUp).toBe(1))
    await whole.stop()
    let seen = 0
    for (const [index, message] of whole
      .heard()
      .messages.filter((one) => one !== 'caught up')
      .entries()) {
      if (message !== 'checkpoint') seen++
      const rest = follow(store, prefix, whole.heard().positions[index])
      await eventually(() => expect(rest.heard().caughtUp).toBe(1))
      expect(rest.heard().ids).toEqual(ids.slice(seen))
      await rest.stop()
    }
    expect(seen).toBe(ids.length)
  })

  it('foreign streams, streams about streams, and system streams are not delivered', async () => {
    const { store, category, prefix } = await setUp()
    const client = rawClient()
    const { write, ids } = writer(store, prefix)
    const { heard } = follow(store, prefix)
    const noise = async (stream: string): Promise<void> => {
      const options = { expectedRevision: 'any' } as const
      await client.appendToStream(stream, jsonEvent({ type: 'noise', data: {} }), options)
    }
    for (let n = 0; n < 5; n++) {
      await write(1)
      await noise(`${category}-other`)
      await noise(`x${prefix}1`)
      await noise(`${category}x-idem_1`)
      await noise(`${prefix.slice(0, -1)}`)
      await client.setStreamMetadata(`${prefix}0`, { maxCount: 100 + n })
      await write(1)
    }
    await eventually(() => expect(heard().ids).toEqual(ids))
    expect([...heard().streams].every((stream) => stream.startsWith(prefix))).toBe(true)
    const page = await pageOf(store, 'start', prefix, 1000)
    expect(page.events.map(({ id }) => id)).toEqual(ids)
  })

  it('the log is read up to its head, page by page, through much foreign traffic', async () => {
    const { store, category, prefix } = await setUp()
    const { write, ids } = writer(store, prefix)
    const foreign = writer(store, `${category}-foreign_`)
    for (let n = 0; n < 12; n++) {
      await write(2)
      for (let m = 0; m < 2; m++) await foreign.write(100)
    }
    const head = ids.length
    const seen: Array<string> = []
    let after: string | 'start' = 'start'
    for (let pages = 0; ; pages++) {
      const page: LogPage = await pageOf(store, after, prefix, 5)
      expect(page.events.length).toBeLessThanOrEqual(5)
      seen.push(...page.events.map(({ id }) => id))
      // what is written while it is read is read as well, and no page goes back
      if (pages === 2) await write(1)
      after = page.next
      if (page.atEnd) break
    }
    expect(seen).toEqual(ids)
    expect(seen).toHaveLength(head + 1)
    expect((await pageOf(store, after, prefix, 5)).events).toEqual([])
  })

  it('two consumers of one prefix hear the same', async () => {
    const { store, prefix } = await setUp()
    const { write, ids } = writer(store, prefix)
    const both = [follow(store, prefix), follow(store, prefix)]
    for (let n = 0; n < 10; n++) await write(5)
    for (const { heard } of both) await eventually(() => expect(heard().ids).toEqual(ids))
  })
})
