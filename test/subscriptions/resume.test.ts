import { describe, expect, it, onTestFinished } from 'vitest'
import type { EventStore } from '../../src/application/ports/event-store.ts'
import { openEventStoreDbStore } from '../../src/eventstoredb.ts'
import type { FaultAction, StandIn } from '../../src/testing/eventstoredb.ts'
import { confirmationAnswer } from '../../src/testing/eventstoredb-stand-in/read-answers.ts'
import { forbidUnhandledRejections, standIn } from '../support/eventstoredb.ts'
import { eventually } from '../support/eventually.ts'
import { hostileServer } from '../support/hostile-server.ts'
import { soundEvent } from '../unit/adapters/eventstoredb/hostile-rows.ts'
import { follow, type Heard, quick, quickStoreOn, writer } from './follow.ts'

forbidUnhandledRejections()

const prefix = 'wanted-idem_'

/** A server with a history in which every other event is foreign, and a store on it. */
const setUp = async (server: StandIn, url = server.url) => {
  const store = await quickStoreOn(url)
  const wanted = writer(store, prefix)
  const foreign = writer(store, 'foreign-idem_')
  const write = async (rounds: number): Promise<void> => {
    for (let n = 0; n < rounds; n++) {
      await wanted.write(2)
      await foreign.write(2)
    }
  }
  await write(10)
  return { store, write, ids: wanted.ids }
}

/** The very events, once each and in order; at least once would be allowed, but nothing is repeated here. */
const hears = (heard: () => Heard, ids: ReadonlyArray<string>): Promise<void> =>
  eventually(() => expect(heard().ids).toEqual(ids))

const increases = ({ positions }: Heard): void => {
  const sorted = [...positions].sort((a, b) => Number(a.split('/')[0]) - Number(b.split('/')[0]))
  expect(positions).toEqual(sorted)
}

const subscriptions = (server: StandIn): number => server.calls.filter(({ rpc }) => rpc === 'subscribe').length

const drops: ReadonlyArray<FaultAction> = [
  'drop',
  'hang',
  'freeze',
  ...(
    [
      'unavailable',
      'cancelled',
      'internal',
      'unknown',
      'timeout',
      'slowConsumer',
      'deadline',
      'notReady',
      'tooBusy',
      'noLeader'
    ] as const
  ).map((error) => ({ error }))
]

describe.each(drops.map((drop) => [drop]))('after %o', (drop) => {
  it('a subscription goes on where it was, in history and live, and says once that it caught up', async () => {
    const server = await standIn()
    const { store, write, ids } = await setUp(server)
    // early, in the middle of history, before any answer, at the end of history, and while live
    const moments = [{ events: 1 }, { events: 7 }, 'before', 'after', { events: 8 }, { events: 3 }] as const
    server.faults.always(({ rpc, nth }) => {
      if (rpc !== 'subscribe') return undefined
      // a server that was never heard of is given up at the deadline: so it is heard of once
      if (nth === 1) return { do: { error: 'unavailable' }, when: { events: 1 } }
      const when = moments[nth - 2]
      return when === undefined ? undefined : { do: drop, when }
    })
    const { heard } = follow(store, prefix)
    await hears(heard, ids)
    await eventually(() => expect(heard().caughtUp).toBe(1))
    for (let n = 0; n < 6; n++) {
      await write(2)
      await hears(heard, ids)
    }
    expect(subscriptions(server)).toBeGreaterThan(moments.length)
    expect(heard().caughtUp).toBe(1)
    increases(heard())
  })
})

describe('a subscription', () => {
  it('goes on behind the last event that it delivered, or behind a checkpoint after that', async () => {
    const server = await standIn()
    const { store, write, ids } = await setUp(server)
    for (let n = 0; n < 16; n++) await writer(store, `foreign-idem_${n}_`).write(100)
    const moments = [{ events: 5 }, 'after'] as const
    server.faults.always(({ rpc, nth }) => {
      const when = rpc === 'subscribe' ? moments[nth - 1] : undefined
      return when && { do: { error: 'unavailable' }, when }
    })
    const { heard } = follow(store, prefix)
    await eventually(() => expect(subscriptions(server)).toBe(3))
    await write(1)
    await hears(heard, ids)
    const positionOf = (id: string | undefined) => server.records().find((record) => record.id === id)?.position
    const [first, second, third] = server.calls.filter(({ rpc }) => rpc === 'subscribe').map(({ from }) => from)
    expect([first, second]).toEqual(['start', positionOf(ids[4])])
    // that the foreign events behind it were passed over was not forgotten
    expect(third).toBeGreaterThan(positionOf(ids[19]) ?? 0n)
  })

  it('goes on after restarts of the server, with what was written in between', async () => {
    const server = await standIn()
    const { store, write, ids } = await setUp(server)
    const { heard } = follow(store, prefix)
    await hears(heard, ids)
    for (let n = 0; n < 3; n++) {
      await server.restart()
      await write(2)
      await hears(heard, ids)
    }
    expect(heard().caughtUp).toBe(1)
  })

  it('goes on at the next leader of a cluster', async () => {
    const leader = await standIn()
    const second = await standIn({ joins: leader })
    const { store, write, ids } = await setUp(leader, leader.clusterUrl())
    const { heard } = follow(store, prefix)
    await hears(heard, ids)
    await leader.stop()
    second.lead()
    await write(2)
    await hears(heard, ids)
    await leader.restart()
    leader.lead()
    await second.stop()
    await write(2)
    await hears(heard, ids)
    expect(heard().caughtUp).toBe(1)
  })

  it('goes on after one that the server ends without an error', async () => {
    const events = [1, 2].map((n) => soundEvent(BigInt(n), `${prefix}1`))
    let opened = 0
    const address = await hostileServer({
      read: () => ({ messages: [confirmationAnswer(), ...events.slice(opened, ++opened)], end: 'ok' })
    })
    const store = await quickStoreOn(`esdb://${address}?tls=false`)
    const { heard } = follow(store, prefix)
    await eventually(() => expect(heard().positions).toEqual(['101/101', '102/102']))
  })

  it('loses nothing where a server drops it because its consumer is slow', async () => {
    const server = await standIn({ quirks: { endsLaggingBy: 200 } })
    const { store, ids } = await setUp(server)
    const bulk = writer(store, `${prefix}bulk`)
    let go = (): void => {}
    let isPaused = false
    const { heard } = follow(store, prefix, 'start', () => {
      if (!isPaused) return
      return new Promise((resolve) => {
        go = resolve
      })
    })
    await hears(heard, ids)
    isPaused = true
    for (let n = 0; n < 40; n++) await bulk.write(25, 1000)
    isPaused = false
    go()
    await hears(heard, [...ids, ...bulk.ids])
    expect(subscriptions(server)).toBeGreaterThan(1)
    expect(heard().caughtUp).toBe(1)
  })

  it('ends with the error where nobody comes back for longer than it may be away', async () => {
    const server = await standIn()
    const store = await openEventStoreDbStore({
      connectionString: server.url,
      deadlineMs: 300,
      subscriptions: { ...quick, outageMs: 300 }
    })
    onTestFinished(() => store.dispose())
    const { heard, ended } = follow(store, prefix)
    await eventually(() => expect(heard().caughtUp).toBe(1))
    await server.stop()
    expect(await ended).toMatchObject({ _tag: 'StoreUnavailable' })
  })

  it.each(['accessDenied', 'unimplemented'] as const)('ends at once where no new try can help: %s', async (error) => {
    const server = await standIn()
    const { store, ids } = await setUp(server)
    server.faults.always(({ nth }) => ({
      do: { error: nth === 1 ? 'unavailable' : error },
      when: nth === 1 ? { events: 3 } : 'before'
    }))
    const { heard, ended } = follow(store, prefix)
    expect(await ended).toMatchObject({ _tag: error === 'accessDenied' ? 'AccessDenied' : 'NotAStore' })
    expect(heard().ids).toEqual(ids.slice(0, 3))
  })
})

describe('positions', () => {
  it('keep both parts: one at the end of the log, with prepare 0, as an older keyfold stored it, skips nothing', async () => {
    const server = await standIn({ quirks: { splitsCheckpoints: true } })
    const { store, write, ids } = await setUp(server)
    const first = follow(store, prefix)
    await eventually(() => expect(first.heard().caughtUp).toBe(1))
    await first.stop()
    const [before, written] = [ids.length, server.records().length]
    // the next event of all is the wanted one, and lies at that very commit position
    await write(1)
    const position = `${server.records()[written]?.position}/0`
    const second = follow(store, prefix, position)
    await hears(second.heard, ids.slice(before))
  })

  it('keep both parts over a drop: the subscription itself resumes from such a checkpoint', async () => {
    const server = await standIn({ quirks: { splitsCheckpoints: true } })
    const { store, write, ids } = await setUp(server)
    server.faults.next({ rpc: 'subscribe', when: 'after', do: { error: 'unavailable' } })
    const { heard } = follow(store, prefix)
    await eventually(() => expect(subscriptions(server)).toBe(2))
    const [, resumed] = server.calls.filter(({ rpc }) => rpc === 'subscribe')
    expect(resumed?.from).toBeGreaterThan(server.records().at(-1)?.position ?? 0n)
    await write(1)
    await hears(heard, ids)
    // nobody else is to go on from there: what is handed out is where an event lies
    const places = new Set(server.records().map((record) => `${record.position}/${record.position}`))
    expect(heard().positions.filter((position) => !places.has(position))).toEqual([])
  })
})

describe('the caught-up signal', () => {
  const caughtUpOn = async (server: StandIn): Promise<{ heard: () => Heard; store: EventStore }> => {
    const { store, ids } = await setUp(server)
    const { heard } = follow(store, prefix)
    await eventually(() => expect(heard().caughtUp).toBe(1))
    expect(heard().messages.filter((message) => message !== 'checkpoint')).toEqual([...ids, 'caught up'])
    return { heard, store }
  }

  it('comes behind the last event of history', async () => {
    await caughtUpOn(await standIn())
  })

  it('comes also where the server never says so', async () => {
    const server = await standIn({ quirks: { silentWhenCaughtUp: true } })
    const { heard, store } = await caughtUpOn(server)
    const more = writer(store, `${prefix}more`)
    await more.write(3)
    await eventually(() => expect(heard().ids.slice(-3)).toEqual(more.ids))
    // and is not given again for later silences
    const reads = (): number => server.calls.filter(({ rpc }) => rpc === 'read').length
    const before = reads()
    await eventually(() => expect(reads()).toBeGreaterThan(before + 1))
    expect(heard().caughtUp).toBe(1)
  })

  it('comes on an empty log', async () => {
    for (const quirks of [{}, { silentWhenCaughtUp: true }]) {
      const store = await quickStoreOn((await standIn({ quirks })).url)
      const { heard } = follow(store, prefix)
      await eventually(() => expect(heard().caughtUp).toBe(1))
      // the one event of an empty log is the server's own
      expect(['', '548/548']).toContain(heard().positions.join())
      expect(heard().ids).toEqual([])
    }
  })
})
