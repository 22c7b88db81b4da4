import { EventStoreDBClient } from '@eventstore/db-client'
import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js'
import * as E from 'fp-ts/Either'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { EventStore } from '../../../../src/application/ports/event-store.ts'
import { noStream } from '../../../../src/domain/expected-revision.ts'
import { openEventStoreDbStore } from '../../../../src/eventstoredb.ts'
import { gossipPb } from '../../../../src/testing/eventstoredb-stand-in/generated.ts'
import { checkpointAnswer, confirmationAnswer } from '../../../../src/testing/eventstoredb-stand-in/read-answers.ts'
import { uuidOf } from '../../../../src/testing/eventstoredb-stand-in/uuid.ts'
import { proposed } from '../../../support/append-of.ts'
import { forbidUnhandledRejections, standIn, storeOn } from '../../../support/eventstoredb.ts'
import { type Goes, type Hostile, hostileServer, type Said } from '../../../support/hostile-server.ts'
import { badAnswers, badErrors, badInTheLog, badMessages, soundEvent, stream } from './hostile-rows.ts'

// an exception that nobody catches fails the run by itself
forbidUnhandledRejections()

/** For what waits for its end, ms, or has to be heard before it; and for all else, which a busy machine may need. */
const [shortMs, longMs, patientMs] = [1000, 5000, 20_000]
/** A subscription is tried anew a dozen times before it ends, and not a hundred: each fails as the one before. */
const quick = { firstMs: 1, maxMs: 200, quietMs: 60, livenessMs: 150, outageMs: 400 }

/** Both ways to connect: the store's own client, and one that somebody else made. What is opened goes with its test. */
const ways: { readonly [name: string]: (address: string, goes: Goes, deadlineMs: number) => Promise<EventStore> } = {
  'a connection string': async (address, goes, deadlineMs) => {
    const connectionString = `esdb://${address}?tls=false`
    const store = await openEventStoreDbStore({ connectionString, deadlineMs, subscriptions: quick })
    goes(() => store.dispose())
    return store
  },
  'a client of one’s own': async (address, goes, deadlineMs) => {
    const client = EventStoreDBClient.connectionString(`esdb://${address}?tls=false`)
    goes(() => client.dispose())
    const store = await openEventStoreDbStore({ client, deadlineMs, subscriptions: quick })
    goes(() => store.dispose())
    return store
  }
}

const isSubscription = (request: ReadReq): boolean => request.getOptions()?.hasSubscription() ?? false

const confirmed = (...messages: ReadonlyArray<ReadResp>): Said<ReadResp> => ({
  messages: [confirmationAnswer(), ...messages],
  end: 'never'
})

const appendOn = (store: EventStore) => store.append({ stream, expected: noStream, events: [proposed()] })()

/** The last message of a subscription that ends by itself. */
const endOf = async (store: EventStore) => {
  let last: E.Either<unknown, unknown> | undefined
  for await (const message of store.subscribe({ after: 'start', streamPrefix: 'x-' })) last = message
  return last
}

const failed = (tag: unknown) => E.left(expect.objectContaining({ _tag: tag, message: expect.any(String) }))

describe.each(Object.entries(ways))('a server that sends what no server should, over %s', (_, open) => {
  const on = async (says: Hostile, goes: Goes = onTestFinished, deadlineMs = patientMs) =>
    open(await hostileServer(says, goes), goes, deadlineMs)

  it.each(Object.entries(badMessages))('%s: the read of a stream fails by its tag', async (_, message) => {
    const store = await on({ read: () => ({ messages: [message], end: 'ok' }) })
    expect(await store.readStream(stream, 'forwards', 'start', 10)()).toEqual(failed('NotAStore'))
  })

  it.each(Object.entries(badInTheLog))(
    '%s: a read of the log and a subscription fail by their tags',
    async (_, message) => {
      const store = await on({
        read: (request) => (isSubscription(request) ? confirmed(message) : { messages: [message], end: 'ok' })
      })
      expect(await store.readAll('start', 'x-', 10)()).toEqual(failed('NotAStore'))
      expect(await endOf(store)).toEqual(failed('NotAStore'))
    }
  )

  it.each(Object.entries(badAnswers))('%s: the outcome of an append is unknown', async (_, answer) => {
    const store = await on({ append: () => answer })
    expect(await appendOn(store)).toEqual(
      E.left({ _tag: 'OutcomeUnknown', error: expect.objectContaining({ _tag: 'StoreUnavailable' }) })
    )
  })

  // side by side: each waits for a deadline
  it.concurrent.for(Object.entries(badErrors))(
    '%s: every call fails by its tag, in few words',
    async ([, error], { expect, onTestFinished }) => {
      const store = await on({ append: () => error, read: () => ({ end: error }) }, onTestFinished, shortMs)
      const append = await appendOn(store)
      expect(append).toMatchObject(E.left({ _tag: expect.stringMatching(/^(NotWritten|OutcomeUnknown)$/) }))
      const results = [
        E.isLeft(append) && 'error' in append.left ? E.left(append.left.error) : append,
        await store.readStream(stream, 'forwards', 'start', 10)(),
        await store.readAll('start', 'x-', 10)(),
        await endOf(store)
      ]
      for (const result of results) {
        expect(result).toEqual(failed(expect.stringMatching(/^[A-Z]/)))
        if (result && E.isLeft(result)) expect((result.left as { message: string }).message.length).toBeLessThan(400)
      }
    }
  )

  it.concurrent('a subscription that is confirmed and dropped each time ends with the error', async ({
    expect,
    onTestFinished
  }) => {
    const says: Hostile = {
      read: (request) =>
        isSubscription(request)
          ? { messages: [confirmationAnswer()], end: { code: 14, details: 'not today' } }
          : { messages: [], end: 'ok' }
    }
    expect(await endOf(await on(says, onTestFinished, longMs))).toEqual(failed('StoreUnavailable'))
  })

  it('more events than were asked for, twice the same, or a page that never goes on: the read ends', async () => {
    const store = await on({
      read: (request) => ({
        messages: Array.from({ length: Number(request.getOptions()?.getCount()) + 1 }, (_, n) => soundEvent(BigInt(n))),
        end: 'never'
      })
    })
    expect(await store.readStream(stream, 'forwards', 'start', 2)()).toEqual(failed('NotAStore'))
    const again = await on({ read: () => ({ messages: [soundEvent(), soundEvent()], end: 'ok' }) })
    expect(await again.readStream(stream, 'forwards', 'start', 2)()).toEqual(failed('NotAStore'))
    const stuck = await on({
      read: (request) => ({
        messages: Array.from({ length: Number(request.getOptions()?.getCount()) }, () => soundEvent()),
        end: 'ok'
      })
    })
    expect(await stuck.readAll('101/101', 'x-', 10)()).toEqual(failed('NotAStore'))
  })

  it('a message over the client’s limit of 17 MiB: the read fails by its tag', async () => {
    const large = soundEvent()
    large
      .getEvent()
      ?.getEvent()
      ?.setData(Buffer.alloc(17 * 1024 * 1024, 97))
    let asked = 0
    const address = await hostileServer({
      read: () => {
        asked++
        return { messages: [large], end: 'ok' }
      }
    })
    const store = await storeOn(`esdb://${address}?tls=false`)
    expect(await store.readStream(stream, 'forwards', 'start', 10)()).toEqual(failed('StoreUnavailable'))
    expect(asked).toBe(1)
  })

  it('data that are no JSON, or no text: handed on as they are, for the reader to refuse', async () => {
    const odd = soundEvent()
    odd.getEvent()?.getEvent()?.setData(Buffer.from('{"a": 1'))
    const store = await on({ read: () => ({ messages: [odd], end: 'ok' }) })
    expect(await store.readStream(stream, 'forwards', 'start', 10)()).toMatchObject(E.right([{ data: '{"a": 1' }]))
  })

  it('a checkpoint beyond 2^63 is not handed out', async () => {
    const store = await on({
      read: () => confirmed(checkpointAnswer({ commit: -1n, prepare: -1n }), soundEvent())
    })
    for await (const message of store.subscribe({ after: 'start', streamPrefix: 'x-' })) {
      expect(message).toMatchObject(E.right({ _tag: 'Event' }))
      break
    }
  })
})

describe('gossip that makes no sense', () => {
  const clusterOf = (address: string, other: string): string => `esdb://${address},${other}?tls=false`
  const member = () => new gossipPb.MemberInfo().setState(gossipPb.MemberInfo.VNodeState.LEADER).setIsAlive(true)
  const endPoint = (host: string, port: number) => new gossipPb.EndPoint().setAddress(host).setPort(port)
  const members: { readonly [name: string]: InstanceType<typeof gossipPb.MemberInfo> } = {
    'a member without anything': new gossipPb.MemberInfo(),
    'a leader without an id or an address': member(),
    'a leader without an address': member().setInstanceId(uuidOf('0e4b5a0e-52a5-4a35-8a2e-5e4c3b2a1f00')),
    'a leader without an id, at an address that is none': member().setHttpEndPoint(endPoint('a b', 0)),
    'a leader without an id, at a port that is none': member().setHttpEndPoint(endPoint('127.0.0.1', 70_000))
  }

  it.concurrent.for(Object.entries(members))(
    '%s: every call fails by its tag, and nothing breaks',
    async ([, one], { expect, onTestFinished }) => {
      const gossip = () => new gossipPb.ClusterInfo().setMembersList([one])
      const [a, b] = [await hostileServer({ gossip }, onTestFinished), await hostileServer({ gossip }, onTestFinished)]
      const client = EventStoreDBClient.connectionString(`${clusterOf(a, b)}&maxDiscoverAttempts=1&discoveryInterval=1`)
      onTestFinished(() => client.dispose())
      const borrowed = await openEventStoreDbStore({ client, deadlineMs: shortMs, subscriptions: quick })
      onTestFinished(() => borrowed.dispose())
      const connectionString = clusterOf(a, b)
      const own = await openEventStoreDbStore({ connectionString, deadlineMs: shortMs, subscriptions: quick })
      onTestFinished(() => own.dispose())
      for (const store of [own, borrowed]) {
        expect(await appendOn(store)).toMatchObject(
          E.left({ _tag: 'NotWritten', error: { _tag: expect.stringMatching(/^Store/) } })
        )
        expect(await store.readStream(stream, 'forwards', 'start', 1)()).toEqual(
          failed(expect.stringMatching(/^Store/))
        )
      }
    }
  )

  it('one node that says nonsense among others keeps nobody from the leader', async () => {
    const leader = await standIn()
    const liar = await hostileServer({ gossip: () => new gossipPb.ClusterInfo().setMembersList([member()]) })
    const store = await storeOn(clusterOf(liar, `127.0.0.1:${leader.port}`))
    expect(await appendOn(store)).toEqual(E.right({ revision: 0n }))
  })
})
