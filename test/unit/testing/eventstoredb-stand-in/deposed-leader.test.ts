import { connect } from 'node:net'
import type { EventStoreDBClient } from '@eventstore/db-client'
import { describe, expect, it, onTestFinished } from 'vitest'
import { sleep } from '../../../../src/adapters/node/timer.ts'
import type { StandIn } from '../../../../src/testing/eventstoredb.ts'
import { eventually } from '../../../support/eventually.ts'
import { gossipOf, leading, rawStandIn } from './raw.ts'
import { clientOf, collect, errorOf, letter, lettersIn, standIn, unary } from './world.ts'

const cluster = async () => {
  const first = await standIn()
  const second = await standIn({ joins: first })
  const [atFirst, atSecond] = [clientOf(first.url), clientOf(second.url)]
  await unary(atFirst)('s', [letter('a')], 'no_stream')
  const read = (client: EventStoreDBClient) => collect(client.readStream('s', { requiresLeader: true }))
  return { first, second, atFirst, atSecond, read }
}

describe('a leader that was deposed and does not know', () => {
  it('serves what needs the leader from an old log, until it concedes', async () => {
    const { first, second, atFirst, atSecond, read } = await cluster()
    first.depose()
    second.lead()
    await unary(atSecond)('s', [letter('b')], 0n)
    expect(first.role()).toBe('deposed')
    expect(await read(atFirst)).toHaveLength(1)
    expect(await read(atSecond)).toHaveLength(2)
    first.concede()
    expect(await errorOf(read(atFirst))).toMatchObject({ type: 'not-leader' })
  })

  it('writes nothing: nobody takes it', async () => {
    const { first, second, atFirst } = await cluster()
    first.depose()
    second.lead()
    expect(await errorOf(unary(atFirst)('s', [letter('b')], 0n, { requiresLeader: true }))).toMatchObject({
      type: 'timeout'
    })
    expect(first.records()).toHaveLength(1)
  })

  it('tells by gossip that it leads, where the other tells otherwise', async () => {
    const { first, second } = await cluster()
    first.depose()
    second.lead()
    const leaders = async (port: number) =>
      (await gossipOf(port)).filter(({ state }) => state === leading).map((member) => member.endpoint.port)
    expect(await leaders(first.port)).toEqual([first.port])
    expect(await leaders(second.port)).toEqual([second.port])
  })
})

describe('a frozen node', () => {
  it('answers nobody, neither on connections that stand nor on new ones, and then all that came meanwhile', async () => {
    const { first, atFirst, atSecond } = await cluster()
    first.freeze()
    const heard: string[] = []
    const told = lettersIn(atFirst, 's').finally(() => heard.push('a call'))
    const newcomer = connect(first.port, '127.0.0.1')
    onTestFinished(() => void newcomer.destroy())
    // a server speaks first
    newcomer.once('data', () => heard.push('a connection'))
    await eventually(() => expect(first.connections()).toBe(2))
    // another node answers meanwhile
    for (let n = 0; n < 5; n++) await lettersIn(atSecond, 's')
    expect([heard, first.calls.length]).toEqual([[], 1])
    first.thaw()
    expect(await told).toEqual(['a'])
    await eventually(() => expect(heard.toSorted()).toEqual(['a call', 'a connection']))
  })

  it('shows what it had when it froze, if another took the lead meanwhile', async () => {
    const { first, second, atFirst, atSecond, read } = await cluster()
    first.freeze()
    second.lead()
    await unary(atSecond)('s', [letter('b')], 0n)
    first.thaw({ deposedMs: 60_000 })
    expect(await read(atFirst)).toHaveLength(1)
    first.concede()
    expect(await errorOf(read(atFirst))).toMatchObject({ type: 'not-leader' })
  })

  it('that never froze is left as it is by a thaw', async () => {
    const { first, atFirst, read } = await cluster()
    first.thaw()
    expect(await read(atFirst)).toHaveLength(1)
    first.dropConnections()
    await eventually(async () => expect(await read(atFirst)).toHaveLength(1))
  })

  it('is as it was when it froze first', async () => {
    const { first, second, atFirst, atSecond, read } = await cluster()
    first.freeze()
    second.lead()
    await unary(atSecond)('s', [letter('b')], 0n)
    first.freeze()
    first.thaw({ deposedMs: 60_000 })
    expect(first.role()).toBe('deposed')
    expect(await read(atFirst)).toHaveLength(1)
  })

  it.each<readonly [string, (node: StandIn) => void]>([
    ['deposed', (node) => node.depose()],
    [
      'made to concede, and deposed',
      (node) => {
        node.concede()
        node.depose()
      }
    ],
    [
      'made to lead, and deposed',
      (node) => {
        node.lead()
        node.depose()
      }
    ],
    ['frozen', (node) => node.freeze()]
  ])('that was thawed, and is %s before it concedes, does not concede by itself', async (_, again) => {
    const { first, second } = await cluster()
    first.freeze()
    second.lead()
    first.thaw({ deposedMs: 100 })
    again(first)
    await sleep(150)
    expect(first.role()).toBe('deposed')
  })

  it('takes as long again to concede where it froze meanwhile', async () => {
    const { first, second } = await cluster()
    first.freeze()
    second.lead()
    first.thaw({ deposedMs: 60_000 })
    first.freeze()
    first.thaw({ deposedMs: 1 })
    await eventually(() => expect(first.role()).toBe('follower'))
  })

  it('goes on as the leader where no other was found', async () => {
    const { first, atFirst, read } = await cluster()
    first.freeze()
    first.thaw()
    expect(await read(atFirst)).toHaveLength(1)
    expect(first.role()).toBe('leader')
  })
})

describe('a server that shuts down', () => {
  it('cancels its calls before it is gone', async () => {
    const { server, subscribeToAll, readAll } = await rawStandIn()
    const feed = subscribeToAll('start')
    await feed.step('history', { until: (items) => items.some((item) => item.caughtUp) })
    await server.stop({ graceful: true })
    expect(await feed.step('end', { until: () => false })).toMatchObject({ ended: { name: 'CANCELLED' } })
    expect(await readAll({ from: 'start', count: 1 })).toMatchObject({ ended: { name: 'UNAVAILABLE' } })
  })

  it('cancels an append that has no answer yet', async () => {
    const server = await standIn()
    server.faults.next({ rpc: 'append', do: 'hang' })
    const told = errorOf(unary(clientOf(server.url))('s', [letter('a')], 'any'))
    await eventually(() => expect(server.calls).toHaveLength(1))
    await server.stop({ graceful: true })
    expect(await told).toMatchObject({ type: 'cancelled' })
  })
})

describe('a connection', () => {
  it('takes a hundred streams at once; the next waits for one to end', async () => {
    const { server, subscribeToAll, readAll } = await rawStandIn()
    const feeds = Array.from({ length: 100 }, () => subscribeToAll('end'))
    await eventually(() => expect(server.openStreams()).toHaveLength(100))
    const next = readAll({ from: 'start', count: 1 })
    // what comes over another connection is answered meanwhile
    await collect(clientOf(server.url).readAll())
    expect(server.calls.filter(({ rpc }) => rpc === 'read')).toHaveLength(1)
    feeds[0]?.cancel()
    // from Node 22 on a server of Node's may refuse what comes in the very moment in which another call is taken back
    const isStrict = process.versions.node.startsWith('20.')
    expect(isStrict ? ['OK'] : ['OK', 'RESOURCE_EXHAUSTED']).toContain((await next)['ended']?.name)
    await eventually(async () =>
      expect(await readAll({ from: 'start', count: 1 })).toMatchObject({ ended: { name: 'OK' } })
    )
    for (const feed of feeds) feed.cancel()
  })
})
