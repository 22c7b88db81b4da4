import type { AppendResult } from '@eventstore/db-client'
import { describe, expect, it } from 'vitest'
import type { ServerError } from '../../../../src/testing/eventstoredb.ts'
import { eventually } from '../../../support/eventually.ts'
import { batched, clientOf, collect, errorOf, letter, lettersIn, standIn, textOf, unary } from './world.ts'

const setUp = async () => {
  const server = await standIn()
  const client = clientOf(server.url)
  return { server, client, append: unary(client) }
}

/** What the client makes of each error, in the unary append and in the batch append. */
const errors: { readonly [error in ServerError]: readonly [unary: object, batched: object] } = {
  timeout: [{ type: 'timeout', code: 10 }, { type: 'deadline-exceeded' }],
  slowConsumer: [{ type: 'timeout', code: 10 }, { type: 'timeout' }],
  notReady: [{ type: 'unavailable' }, { type: 'unknown' }],
  tooBusy: [{ type: 'unavailable' }, { type: 'unknown' }],
  notLeader: [
    { type: 'not-leader', leader: { address: '127.0.0.1' } },
    { type: 'not-leader', leader: { address: '127.0.0.1' } }
  ],
  noLeader: [{ type: 'unknown', code: 2 }, { type: 'unknown' }],
  accessDenied: [{ type: 'access-denied' }, { type: 'access-denied' }],
  unauthenticated: [{ type: 'access-denied' }, { type: 'access-denied' }],
  streamDeleted: [
    { type: 'stream-deleted', streamName: 's' },
    { type: 'stream-deleted', streamName: 's' }
  ],
  maxAppendSize: [
    { type: 'maximum-append-size-exceeded', maxAppendSize: 1_048_576 },
    { type: 'maximum-append-size-exceeded', maxAppendSize: 1_048_576 }
  ],
  maxEventSize: [{ type: 'unknown', code: 3 }, { type: 'unknown' }],
  invalidTransaction: [{ type: 'invalid-transaction' }, { type: 'unknown' }],
  missingMetadata: [{ type: 'missing-required-metadata-property' }, { type: 'unknown' }],
  deadline: [{ type: 'deadline-exceeded', code: 4 }, { type: 'deadline-exceeded' }],
  cancelled: [{ type: 'cancelled', code: 1 }, { type: 'cancelled' }],
  unavailable: [{ type: 'unavailable', code: 14 }, { type: 'unavailable' }],
  unimplemented: [{ type: 'unknown', code: 12 }, { type: 'unknown' }],
  internal: [{ type: 'unknown', code: 13 }, { type: 'unknown' }],
  unknown: [{ type: 'unknown', code: 2 }, { type: 'unknown' }]
}

const rows = Object.entries(errors).map(([error, [one, other]]) => ({ error: error as ServerError, one, other }))

describe('scripted errors', () => {
  it.each(rows)('$error, before the commit and after it', async ({ error, one }) => {
    const { server, append } = await setUp()
    server.faults.next({ rpc: 'append', do: { error } })
    expect(await errorOf(append('s', [letter('a')], 'no_stream'))).toMatchObject(one)
    expect(server.records()).toEqual([])
    server.faults.next({ rpc: 'append', do: { error }, when: 'after' })
    expect(await errorOf(append('s', [letter('b')], 'no_stream'))).toMatchObject(one)
    expect(server.records()).toHaveLength(1)
  })

  it.each(rows)('$error in a batch append', async ({ error, other }) => {
    const { server, client } = await setUp()
    server.faults.next({ rpc: 'batchAppend', do: { error } })
    expect(await errorOf(batched(client)('s', [letter('a')], 'no_stream'))).toMatchObject(other)
    expect(server.records()).toEqual([])
  })

  it.each(rows)('$error in a read, a delete, and a tombstone', async ({ error, one }) => {
    const { server, client, append } = await setUp()
    await append('s', [letter('a')], 'any')
    server.faults.always(({ rpc }) => (rpc === 'append' ? undefined : { do: { error } }))
    expect(await errorOf(lettersIn(client, 's'))).toMatchObject(one)
    expect(await errorOf(client.deleteStream('s'))).toMatchObject(one)
    expect(await errorOf(client.tombstoneStream('s'))).toMatchObject(one)
    expect(server.records()).toHaveLength(1)
  })
})

describe('a fault strikes', () => {
  it('the next call that fits, and no other, as often as it is told', async () => {
    const { server, client, append } = await setUp()
    const error = { error: 'tooBusy' } as const
    server.faults.next({ rpc: ['delete', 'append'], for: ({ stream }) => stream === 't', times: 2, do: error })
    await append('s', [letter('a')], 'any')
    await errorOf(append('t', [letter('a')], 'any'))
    expect(server.faults.outstanding()).toBe(1)
    expect(await errorOf(client.deleteStream('t'))).toMatchObject({ type: 'unavailable' })
    expect(server.faults.outstanding()).toBe(0)
    await append('t', [letter('a')], 'any')
    server.faults.next({ do: error })
    server.faults.clear()
    await append('t', [letter('b')], 'any')
    expect(await lettersIn(client, 't')).toEqual(['a', 'b'])
  })

  it('at each moment of one call, the earliest scripted first', async () => {
    const { server, append } = await setUp()
    server.faults.next({ do: { delayMs: 1 } })
    server.faults.next({ when: 'after', do: { error: 'unknown' } })
    expect(await errorOf(append('s', [letter('a')], 'any'))).toMatchObject({ type: 'unknown' })
    expect(server.faults.outstanding()).toBe(0)
    expect(server.records()).toHaveLength(1)
  })

  it('whatever is asked, where the test decides at each call', async () => {
    const { server, append } = await setUp()
    server.faults.always(({ eventTypes, nth }) =>
      eventTypes.includes('letter') && nth % 2 === 0 ? { do: { error: 'unknown' } } : undefined
    )
    const results: Array<AppendResult | object> = []
    for (const text of ['a', 'b', 'c']) results.push(await append('s', [letter(text)], 'any').catch((cause) => cause))
    expect(results).toMatchObject([{ success: true }, { type: 'unknown' }, { success: true }])
  })

  it('a read or a subscription after so many events', async () => {
    const { server, client, append } = await setUp()
    await append(
      's',
      ['a', 'b', 'c'].map((text) => letter(text)),
      'any'
    )
    server.faults.always(({ rpc }) =>
      rpc === 'read' || rpc === 'subscribe' ? { when: { events: 2 }, do: { error: 'cancelled' } } : undefined
    )
    for (const source of [client.readStream('s'), client.subscribeToStream('s')]) {
      const seen: Array<unknown> = []
      source.on('data', (resolved) => seen.push(textOf(resolved)))
      const error = await new Promise((resolve) => source.once('error', resolve))
      expect(error).toMatchObject({ type: 'cancelled' })
      expect(seen).toEqual(['a', 'b'])
    }
  })
})

describe('faults that are no errors', () => {
  it.each(['before', 'after'] as const)(
    'a drop %s the commit takes the connection, and all calls on it',
    async (when) => {
      const { server, client, append } = await setUp()
      server.faults.next({ rpc: 'read', do: 'hang' })
      const hung = errorOf(lettersIn(client, 's'))
      await eventually(() => expect(server.openStreams()).toHaveLength(1))
      server.faults.next({ rpc: 'append', when, do: 'drop' })
      expect(await errorOf(append('s', [letter('a')], 'any'))).toMatchObject({ type: 'unavailable' })
      expect(await hung).toMatchObject({ type: 'unavailable' })
      expect(server.records()).toHaveLength(when === 'after' ? 1 : 0)
      await append('s', [letter('b')], 'any')
    }
  )

  it('a hang leaves the one call unanswered, until its client gives up', async () => {
    const { server, append } = await setUp()
    server.faults.next({ rpc: 'append', do: 'hang' })
    const hung = errorOf(append('s', [letter('a')], 'any', { deadline: 300 }))
    await append('t', [letter('b')], 'any')
    expect(await hung).toMatchObject({ type: 'deadline-exceeded' })
    expect(server.records().map(({ stream }) => stream)).toEqual(['t'])
  })

  it('a delay goes on afterwards, unless the client has given up: then nothing is written', async () => {
    const { server, append } = await setUp()
    server.faults.next({ rpc: 'append', do: { delayMs: 50 } })
    expect(await append('s', [letter('a')], 'no_stream')).toMatchObject({ success: true })
    server.faults.next({ rpc: 'append', do: { delayMs: 300 } })
    expect(await errorOf(append('t', [letter('b')], 'no_stream', { deadline: 50 }))).toMatchObject({
      type: 'deadline-exceeded'
    })
    server.faults.next({ rpc: 'append', do: { delayMs: 400 } })
    await append('u', [letter('c')], 'no_stream')
    expect(server.records().map(({ stream }) => stream)).toEqual(['s', 'u'])
  })

  it('a freeze leaves the connection half open; new connections are served', async () => {
    const { server, append } = await setUp()
    await append('s', [letter('a')], 'any')
    server.faults.next({ rpc: 'append', when: 'after', do: 'freeze' })
    expect(await errorOf(append('s', [letter('b')], 'any', { deadline: 200 }))).toMatchObject({
      type: 'deadline-exceeded'
    })
    expect(await errorOf(append('s', [letter('c')], 'any', { deadline: 200 }))).toMatchObject({
      type: 'deadline-exceeded'
    })
    expect(server.records()).toHaveLength(2)
    expect(server.connections()).toBe(1)
    const other = clientOf(`${server.url}&keepAliveTimeout=9000`)
    expect(await lettersIn(other, 's')).toEqual(['a', 'b'])
    expect(server.connections()).toBe(2)
  })

  it('all connections can be dropped, or frozen', async () => {
    const { server, client, append } = await setUp()
    const failed = new Promise((resolve) => client.subscribeToAll().on('error', resolve))
    await eventually(() => expect(server.openStreams()).toHaveLength(1))
    server.dropConnections()
    expect(await failed).toMatchObject({ type: 'unavailable' })
    await eventually(() => expect(server.connections()).toBe(0))
    await append('s', [letter('a')], 'any')
    server.freezeConnections()
    expect(await errorOf(append('s', [letter('b')], 'any', { deadline: 200 }))).toMatchObject({
      type: 'deadline-exceeded'
    })
    expect(server.records()).toHaveLength(1)
  })
})

describe('what a test can see', () => {
  it('every call as it arrived, and the streams that are open', async () => {
    const { server, client, append } = await setUp()
    await append('s', [letter('a'), letter('b')], 'no_stream', { requiresLeader: true })
    await collect(client.readStream('s', { fromRevision: 1n }))
    await client.deleteStream('s', { expectedRevision: 1n })
    client.subscribeToAll().on('error', () => {})
    const common = { connectionName: client.connectionName, nth: 1, requiresLeader: false }
    await eventually(() =>
      expect(server.calls).toMatchObject([
        {
          ...common,
          rpc: 'append',
          stream: 's',
          expected: 'noStream',
          eventTypes: ['letter', 'letter'],
          requiresLeader: true
        },
        { ...common, rpc: 'read', stream: 's', from: 1n },
        { ...common, rpc: 'delete', stream: 's', expected: 1n },
        { ...common, rpc: 'subscribe', stream: '$all', from: 'start' }
      ])
    )
    await eventually(() => expect(server.openStreams()).toMatchObject([{ call: { rpc: 'subscribe' }, events: 4 }]))
    expect(server.calls.every(({ user }) => user === undefined)).toBe(true)
  })
})
