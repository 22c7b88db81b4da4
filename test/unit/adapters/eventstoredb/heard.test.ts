import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client'
import * as E from 'fp-ts/Either'
import { expect, it, onTestFinished } from 'vitest'
import { hasClientInternals } from '../../../../src/adapters/eventstoredb/client/client-internals.ts'
import { connect } from '../../../../src/adapters/eventstoredb/client/connect.ts'
import { lifetime } from '../../../../src/adapters/eventstoredb/client/lifetime.ts'
import { ownWire } from '../../../../src/adapters/eventstoredb/client/own-wire.ts'
import { subscriptionRequest } from '../../../../src/adapters/eventstoredb/read/read-request.ts'
import { openSubscription } from '../../../../src/adapters/eventstoredb/subscribe/subscription-call.ts'
import { sleep } from '../../../../src/adapters/node/timer.ts'
import type { StandIn } from '../../../../src/testing/eventstoredb.ts'
import { follow, quick } from '../../../subscriptions/follow.ts'
import { forbidUnhandledRejections, standIn, storeOn } from '../../../support/eventstoredb.ts'
import { eventually } from '../../../support/eventually.ts'

forbidUnhandledRejections()

const deadlineMs = 1000

/** A node whose store follows a log that is written to at another node: over its connection nothing else comes. */
const setUp = async () => {
  const server = await standIn()
  const other = await standIn({ joins: server })
  const subscriptions = { ...quick, quietMs: 600_000, livenessMs: 600_000 }
  const store = await storeOn(server.url, { deadlineMs, subscriptions })
  const { heard } = follow(store, 'x-')
  await eventually(() => expect(heard().caughtUp).toBe(1))
  const client = EventStoreDBClient.connectionString(other.url)
  onTestFinished(() => client.dispose())
  const write = () => client.appendToStream('x-1', jsonEvent({ type: 'T', data: {} }))
  await write()
  await eventually(() => expect(heard().ids).toHaveLength(1))
  const stuck = () => store.readStream('x-1', 'forwards', 'start', 1)()
  return { server, heard, write, stuck }
}

const subscriptions = (server: StandIn): number => server.calls.filter(({ rpc }) => rpc === 'subscribe').length

const timedOut = E.left(expect.objectContaining({ _tag: 'StoreTimeout' }))

it('what a subscription brings is heard: one stuck call beside it leaves the connection alone', async () => {
  const { server, heard, write, stuck } = await setUp()
  server.faults.next({ rpc: 'read', do: 'hang' })
  let isOver = false
  const read = stuck().finally(() => {
    isOver = true
  })
  while (!isOver) {
    await write()
    await sleep(20)
  }
  expect(await read).toEqual(timedOut)
  expect(await stuck()).toMatchObject(E.right([{ revision: 0n }]))
  // a connection that was given up is cut a moment later
  await sleep(200)
  const before = heard().ids.length
  await write()
  await eventually(() => expect(heard().ids.length).toBeGreaterThan(before))
  expect([subscriptions(server), server.connections()]).toEqual([1, 1])
})

it.each([
  ['is not cut where something is heard on it after all', true],
  ['is cut where nothing is', false]
])('a connection that was given up %s', async (_, isHeard) => {
  const server = await standIn()
  const way = connect(server.url)
  if (E.isLeft(way) || !hasClientInternals(way.right.client)) return expect.unreachable('it is the client of keyfold')
  const { client, hosts, isCluster, options } = way.right
  const wire = ownWire(client, { seeds: hosts, isCluster, ...options })
  onTestFinished(wire.close)
  const context = { wire, deadlineMs, lifetime: lifetime(), maxAppendBytes: 1024 }
  const line = await wire.open()
  const source = openSubscription(context, subscriptionRequest('start', 'x-'))
  onTestFinished(source.close)
  await eventually(async () => expect(await source.next(deadlineMs)).toEqual({ _tag: 'CaughtUp' }))
  wire.notAnswered(0)
  // the clock goes on
  await sleep(1)
  if (isHeard) wire.heard(line)
  await sleep(200)
  expect(server.connections()).toBe(isHeard ? 1 : 0)
})
