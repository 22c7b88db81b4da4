import { randomUUID } from 'node:crypto'
import { EventStoreDBClient } from '@eventstore/db-client'
import * as E from 'fp-ts/Either'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { hasClientInternals } from '../../../../src/adapters/eventstoredb/client/client-internals.ts'
import type { Append, EventStore } from '../../../../src/application/ports/event-store.ts'
import { exactly, noStream } from '../../../../src/domain/expected-revision.ts'
import { openEventStoreDbStore } from '../../../../src/eventstoredb.ts'
import type { StandIn } from '../../../../src/testing/eventstoredb.ts'
import { forbidUnhandledRejections, standIn, storeOn } from '../../../support/eventstoredb.ts'
import { eventually } from '../../../support/eventually.ts'

forbidUnhandledRejections()

const event = () => ({ id: randomUUID(), type: 'T', data: '{}', metadata: '{}' })

const first = (stream = 'x-1'): Append => ({ stream, expected: noStream, events: [event()] })

const written = E.right({ revision: 0n })

const threeNodes = async (): Promise<readonly [StandIn, StandIn, StandIn]> => {
  const leader = await standIn()
  return [leader, await standIn({ joins: leader }), await standIn({ joins: leader })]
}

const arrived = (server: StandIn, count: number): Promise<void> =>
  eventually(() => expect(server.calls.length).toBeGreaterThanOrEqual(count))

/** An unknown outcome is resolved by the same append again, as the ledger does it. */
const settled = async (store: EventStore, append: Append): Promise<E.Either<unknown, unknown>> => {
  for (;;) {
    const result = await store.append(append)()
    if (E.isRight(result) || result.left._tag !== 'OutcomeUnknown') return result
  }
}

describe('cluster', () => {
  it('follows the leader from any node, in appends and in reads', async () => {
    const [leader, follower] = await threeNodes()
    const store = await storeOn(follower.url)
    expect(await store.append(first())()).toEqual(written)
    expect([follower, leader].map(({ calls }) => calls.length)).toEqual([1, 1])
    const reader = await storeOn(follower.url)
    expect(await reader.readStream('x-1', 'forwards', 'start', 9)()).toMatchObject(E.right([{ revision: 0n }]))
    follower.lead()
    expect(await store.append({ ...first(), expected: exactly(0n) })()).toEqual(E.right({ revision: 1n }))
  })

  it('discovers the leader by gossip: nobody else is asked to append', async () => {
    const nodes = await threeNodes()
    const [, , third] = nodes
    third.lead()
    const store = await storeOn(third.clusterUrl())
    expect(await store.append(first())()).toEqual(written)
    const asked = nodes.flatMap(({ calls }, node) => calls.map(({ rpc }) => `${node} ${rpc}`))
    expect(asked.filter((call) => !call.endsWith('gossip'))).toEqual(['2 append'])
  })

  it.each(['url', 'clusterUrl'] as const)('waits for an election within the deadline (%s)', async (by) => {
    const [leader, ...others] = await threeNodes()
    const store = await storeOn(by === 'url' ? leader.url : leader.clusterUrl())
    leader.resign()
    const results = [store.append(first())(), store.readStream('x-2', 'forwards', 'start', 1)()]
    await eventually(() => {
      const calls = [leader, ...others].flatMap(({ calls }) => calls)
      expect(calls.length).toBeGreaterThan(4)
    })
    leader.lead()
    expect(await Promise.all(results)).toEqual([written, E.right([])])
  })

  it('goes over to the next leader when the leader is stopped', async () => {
    const [leader, second, third] = await threeNodes()
    const store = await storeOn(leader.clusterUrl())
    expect(await store.append(first('x-1'))()).toEqual(written)
    await leader.stop()
    const appended = settled(store, first('x-2'))
    await eventually(() => expect(second.calls.length + third.calls.length).toBeGreaterThan(0))
    second.lead()
    expect(await appended).toEqual(written)
    expect(await store.readStream('x-1', 'forwards', 'start', 1)()).toMatchObject(E.right([{ revision: 0n }]))
  })

  it('waits within the deadline for a single server that answered before to come back', async () => {
    const server = await standIn()
    const client = EventStoreDBClient.connectionString(server.url)
    onTestFinished(() => client.dispose())
    // an object of no more type, since what it is asked for is protected in the client's
    const clientInternals: object = client
    if (!hasClientInternals(clientInternals)) throw new Error('the client has another inside')
    const failures = vi.spyOn(clientInternals, 'handleError')
    const store = await openEventStoreDbStore({ client })
    onTestFinished(() => store.dispose())
    expect(await store.append(first('x-1'))()).toEqual(written)
    await server.stop()
    const begun = [settled(store, first('x-2')), store.readStream('x-1', 'forwards', 'start', 1)()] as const
    // more than there are calls: one at least was repeated in vain
    await eventually(() => expect(failures.mock.calls.length).toBeGreaterThan(begun.length))
    await server.restart()
    const [appended, read] = await Promise.all(begun)
    expect(appended).toEqual(written)
    expect(read).toMatchObject(E.right([{ revision: 0n }]))
  })

  it('repeats a read whose answer was lost', async () => {
    const server = await standIn()
    const store = await storeOn(server.url)
    expect(await store.append(first())()).toEqual(written)
    server.faults.next({ rpc: 'read', for: ({ nth }) => nth === 1, do: 'drop' })
    server.faults.next({ rpc: 'read', for: ({ nth }) => nth === 2, do: { error: 'unavailable' }, when: 'after' })
    expect(await store.readStream('x-1', 'forwards', 'start', 9)()).toMatchObject(E.right([{ revision: 0n }]))
    expect(server.faults.outstanding()).toBe(0)
  })

  it('never repeats an append whose outcome is unknown, though it was repeated before for what wrote nothing', async () => {
    const server = await standIn()
    const store = await storeOn(server.url)
    expect(await store.append(first('x-1'))()).toEqual(written)
    server.faults.next({ rpc: 'append', for: ({ nth }) => nth === 2, do: { error: 'noLeader' } })
    server.faults.next({ rpc: 'append', for: ({ nth }) => nth === 3, when: 'after', do: { error: 'unavailable' } })
    expect(await store.append(first('x-2'))()).toMatchObject(E.left({ _tag: 'OutcomeUnknown' }))
    expect(server.calls.filter(({ stream }) => stream === 'x-2')).toHaveLength(2)
    expect(server.records()).toHaveLength(2)
  })

  it.each([0, 0.999])('is not held up by a node that accepts and never answers (chance %d)', async (chance) => {
    const [leader, second, third] = await threeNodes()
    second.mute()
    third.mute()
    // the client asks the nodes in an order that it shuffles
    const random = vi.spyOn(Math, 'random').mockReturnValue(chance)
    onTestFinished(() => random.mockRestore())
    const store = await storeOn(leader.clusterUrl())
    expect(await store.append(first())()).toEqual(written)
  })

  it('loses no promise when a call fails while the client looks for another node in vain', async () => {
    const [leader, second, third] = await threeNodes()
    const store = await storeOn(leader.clusterUrl(), { deadlineMs: 1500 })
    expect(await store.append(first('x-1'))()).toEqual(written)
    leader.faults.next({ rpc: 'append', do: 'hang' })
    const hung = store.append(first('x-2'))()
    await eventually(() => expect(leader.faults.outstanding()).toBe(0))
    await Promise.all([second.stop(), third.stop()])
    // sends the client to look for another node, when nobody answers any more
    const sendAway = (): boolean => {
      leader.mute()
      return true
    }
    leader.faults.next({ rpc: 'append', for: sendAway, do: { error: 'notReady' } })
    const seeking = store.append(first('x-3'))()
    await eventually(() => expect(leader.connections()).toBe(2))
    await leader.stop()
    expect(await hung).toMatchObject(E.left({ _tag: 'OutcomeUnknown', error: { _tag: 'StoreUnavailable' } }))
    expect(await seeking).toMatchObject(E.left({ _tag: 'NotWritten', error: { _tag: 'StoreUnavailable' } }))
  })

  it('works through a client that was handed over', async () => {
    const [leader, second] = await threeNodes()
    const client = EventStoreDBClient.connectionString(leader.clusterUrl())
    onTestFinished(() => client.dispose())
    const store = await openEventStoreDbStore({ client })
    onTestFinished(() => store.dispose())
    expect(await store.append(first('x-1'))()).toEqual(written)
    second.lead()
    expect(await store.append(first('x-2'))()).toEqual(written)
  })
})

describe('a cluster in trouble', () => {
  it('writes each event once and in order, whatever becomes of its leaders', async () => {
    const nodes = await threeNodes()
    const [a, b, c] = nodes
    const store = await storeOn(a.clusterUrl(), { deadlineMs: 10_000 })
    const perStream = 40
    const workers = 6
    let done = 0
    const work = async (worker: number): Promise<ReadonlyArray<string>> => {
      const ids: Array<string> = []
      for (let n = 0; n < perStream; n++) {
        const one = event()
        const append: Append = {
          stream: `w-${worker}`,
          expected: n === 0 ? noStream : exactly(BigInt(n - 1)),
          events: [one]
        }
        expect(await settled(store, append)).toEqual(E.right({ revision: BigInt(n) }))
        ids.push(one.id)
        done++
      }
      return ids
    }
    const reached = (share: number): Promise<void> =>
      eventually(() => expect(done).toBeGreaterThanOrEqual(share * workers * perStream))
    const trouble = async (): Promise<void> => {
      await reached(0.1)
      b.lead()
      await reached(0.2)
      b.resign()
      await arrived(b, b.calls.length + 3)
      c.lead()
      await reached(0.3)
      for (const node of nodes) node.dropConnections()
      await reached(0.4)
      await c.stop()
      a.lead()
      await reached(0.5)
      await a.restart()
      a.lead()
      await reached(0.6)
      await a.stop()
      await c.restart()
      c.lead()
    }
    const [written] = await Promise.all([
      Promise.all(Array.from({ length: workers }, (_, worker) => work(worker))),
      trouble()
    ])
    for (const [worker, ids] of written.entries()) {
      const read = await store.readStream(`w-${worker}`, 'forwards', 'start', 1000)()
      expect(E.map((events: ReadonlyArray<{ id: string }>) => events.map(({ id }) => id))(read)).toEqual(E.right(ids))
    }
    expect(a.records()).toHaveLength(workers * perStream)
  })
})
