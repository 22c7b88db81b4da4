import { EventStoreDBClient } from '@eventstore/db-client'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { EventStore } from '../../src/application/ports/event-store.ts'
import { openEventStoreDbStore } from '../../src/eventstoredb.ts'
import type { StandIn } from '../../src/testing/eventstoredb.ts'
import { forbidUnhandledRejections, standIn, storeOn } from '../support/eventstoredb.ts'
import { eventually } from '../support/eventually.ts'
import { follow, writer } from './follow.ts'

forbidUnhandledRejections()

const prefix = 'wanted-idem_'

const setUp = async (events: number, bytes = 0, version?: string) => {
  const server = await standIn(version === undefined ? {} : { version })
  // with its own patience: drops are not what these tests are about
  const store = await storeOn(server.url)
  const { write, ids } = writer(store, prefix)
  for (let n = 0; n < events; n += 100) await write(Math.min(100, events - n), bytes)
  return { server, store, write, ids }
}

const noneOpen = (server: StandIn): Promise<void> => eventually(() => expect(server.openStreams()).toEqual([]))

const open = (server: StandIn) => server.openStreams().filter(({ call }) => call.rpc === 'subscribe')

describe('backpressure', () => {
  it('a consumer that pauses holds the server up, and then gets everything', async () => {
    const { server, store, ids } = await setUp(2000, 1000)
    const paused = store.subscribe({ after: 'start', streamPrefix: prefix })[Symbol.asyncIterator]()
    await paused.next()
    const [stream] = open(server)
    const written = (): number => open(server).find(({ call }) => call === stream?.call)?.events ?? 0
    // time enough for the server to write everything: another subscription takes all of it meanwhile
    const { heard, stop } = follow(store, prefix)
    await eventually(() => expect(heard().ids.length).toBe(ids.length))
    await stop()
    expect(written()).toBeGreaterThan(0)
    expect(written()).toBeLessThan(1000)
    const rest: Array<string> = []
    while (rest.length < ids.length - 1) {
      const { value } = await paused.next()
      if (value?._tag !== 'Right') return expect.fail('the subscription ended before it had delivered everything')
      if (value.right._tag === 'Event') rest.push(value.right.event.id)
    }
    expect(rest).toEqual(ids.slice(1))
    await paused.return?.()
    await noneOpen(server)
  })

  it('checkpoints keep their order for a consumer that pauses, where nothing matches', async () => {
    const { server, store, write } = await setUp(0, 0, '23.10.6')
    const paused = store.subscribe({ after: 'start', streamPrefix: 'nothing' })[Symbol.asyncIterator]()
    expect((await paused.next()).value).toMatchObject({ right: { _tag: 'CaughtUp' } })
    const { heard } = follow(store, 'nothing')
    await eventually(() => expect(heard().caughtUp).toBe(1))
    // only a live subscription is sent a place that is one of an event, where none matches; on a busy machine it is live later
    for (let n = 0; n < 50 || (n < 500 && heard().positions.length <= 3); n++) await write(100)
    await eventually(() => expect(heard().positions.length).toBeGreaterThan(3))
    for (const position of heard().positions.slice(0, 3)) {
      expect((await paused.next()).value).toMatchObject({ right: { _tag: 'Checkpoint', position } })
    }
    await paused.return?.()
    expect(server.calls.filter(({ rpc }) => rpc === 'subscribe')).toHaveLength(2)
  })
})

describe('no call is left open', () => {
  const take = async (store: EventStore, count: number, signal?: AbortSignal): Promise<number> => {
    let taken = 0
    for await (const _ of store.subscribe({ after: 'start', streamPrefix: prefix, ...(signal && { signal }) })) {
      if (++taken === count) break
    }
    return taken
  }

  it('after a consumer that leaves early: in history, at its end, or live', async () => {
    const { server, store, write } = await setUp(300)
    for (const count of [1, 20, 299, 300, 301]) expect(await take(store, count)).toBe(count)
    const live = take(store, 302)
    await eventually(() => expect(open(server)).toHaveLength(1))
    await write(5)
    expect(await live).toBe(302)
    await noneOpen(server)
  })

  it('after a consumer that throws', async () => {
    const { server, store } = await setUp(300)
    const run = async (): Promise<void> => {
      for await (const _ of store.subscribe({ after: 'start', streamPrefix: prefix })) throw new Error('no more')
    }
    await expect(run()).rejects.toThrow('no more')
    await noneOpen(server)
  })

  it('after an abort: while it waits for the next message, while the consumer is busy, or before it began', async () => {
    const { server, store } = await setUp(300)
    const waiting = new AbortController()
    const taken = take(store, 1000, waiting.signal)
    await eventually(() => expect(open(server).some(({ events }) => events === 300)).toBe(true))
    waiting.abort()
    expect(await taken).toBeGreaterThanOrEqual(0)
    await noneOpen(server)

    const busy = new AbortController()
    const parked = store
      .subscribe({ after: 'start', streamPrefix: prefix, signal: busy.signal })
      [Symbol.asyncIterator]()
    await parked.next()
    busy.abort()
    // nobody takes another message
    await noneOpen(server)
    expect(await parked.next()).toEqual({ done: true, value: undefined })

    expect(await take(store, 1, AbortSignal.abort())).toBe(0)
    await noneOpen(server)
  })

  it('after an iterator that was returned before it began', async () => {
    const { server, store } = await setUp(1)
    const never = store.subscribe({ after: 'start', streamPrefix: prefix })[Symbol.asyncIterator]()
    await never.return?.()
    expect(await never.next()).toEqual({ done: true, value: undefined })
    expect(server.calls.filter(({ rpc }) => rpc === 'subscribe')).toEqual([])
  })

  it('after the store was disposed of, also on a client of one’s own that lives on', async () => {
    const { server } = await setUp(300)
    const client = EventStoreDBClient.connectionString(server.url)
    onTestFinished(() => client.dispose())
    const store = await openEventStoreDbStore({ client })
    const parked = store.subscribe({ after: 'start', streamPrefix: prefix })[Symbol.asyncIterator]()
    await parked.next()
    const waiting = store.subscribe({ after: 'start', streamPrefix: 'nothing' })[Symbol.asyncIterator]()
    await waiting.next()
    const next = waiting.next()
    await store.dispose()
    await noneOpen(server)
    const disposedOf = { done: false, value: { left: { _tag: 'StoreUnavailable' } } }
    expect(await next).toMatchObject(disposedOf)
    expect(await parked.next()).toMatchObject(disposedOf)
    expect(await parked.next()).toEqual({ done: true, value: undefined })
  })

  it('after many subscriptions that came and went', async () => {
    const { server, store } = await setUp(100)
    await Promise.all(Array.from({ length: 50 }, (_, n) => take(store, 1 + (n % 99))))
    await noneOpen(server)
    expect(server.connections()).toBe(1)
  })
})
