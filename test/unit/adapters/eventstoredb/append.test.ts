import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { EventStoreDBClient } from '@eventstore/db-client'
import * as E from 'fp-ts/Either'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Append, AppendFailure } from '../../../../src/application/ports/event-store.ts'
import { exactly, noStream } from '../../../../src/domain/expected-revision.ts'
import { openEventStoreDbStore } from '../../../../src/eventstoredb.ts'
import { standIn, storeOn } from '../../../support/eventstoredb.ts'
import { temporaryFile } from '../../../support/temporary-file.ts'
import { certificate, privateKey } from './certificate.ts'

const event = (data: unknown = {}) => ({
  id: randomUUID(),
  type: 'T',
  data: JSON.stringify(data),
  metadata: '{"a":1}'
})

const first = (stream = 'x-1', count = 1): Append => ({
  stream,
  expected: noStream,
  events: Array.from({ length: count }, () => event())
})

const rawClient = (url: string): EventStoreDBClient => {
  const client = EventStoreDBClient.connectionString(url)
  onTestFinished(() => client.dispose())
  return client
}

describe('append', () => {
  it('is one unary call to the leader, and asks the server nothing else', async () => {
    const server = await standIn()
    const store = await storeOn(server.url)
    expect(await store.append(first('x-1', 3))()).toEqual(E.right({ revision: 2n }))
    expect(server.calls.map(({ rpc, requiresLeader }) => [rpc, requiresLeader])).toEqual([['append', true]])
  })

  it('is unary through a client that was handed over, without credentials, and the client stays open', async () => {
    const server = await standIn()
    const client = rawClient(server.url)
    const store = await openEventStoreDbStore({ client })
    expect(await store.append(first())()).toEqual(E.right({ revision: 0n }))
    await store.dispose()
    expect(server.calls.map(({ rpc }) => rpc)).toEqual(['append'])
    await client.deleteStream('x-1', { expectedRevision: 0n })
  })

  it('reports a conflict also through a client that does not throw on conflicts', async () => {
    const server = await standIn()
    const store = await storeOn(`${server.url}&throwOnAppendFailure=false`)
    await store.append(first())()
    expect(await store.append(first())()).toEqual(E.left({ _tag: 'WrongExpectedRevision', actual: 0n }))
    expect(await store.append({ ...first('y-1'), expected: exactly(4n) })()).toEqual(
      E.left({ _tag: 'WrongExpectedRevision', actual: 'noStream' })
    )
  })

  it('sends nothing that is over the limit', async () => {
    const server = await standIn()
    const store = await storeOn(server.url, { maxAppendBytes: 1000 })
    expect(store.maxAppendBytes).toBe(1000)
    const result = await store.append({ ...first(), events: [event('x'.repeat(1000))] })()
    expect(result).toMatchObject(
      E.left({ _tag: 'NotWritten', error: { _tag: 'LimitExceeded', limit: 1000, size: 1011 } })
    )
    expect(server.calls).toEqual([])
  })

  it('sends nothing that the client would choke on', async () => {
    const server = await standIn()
    const store = await storeOn(server.url)
    for (const bad of [{ data: 'x' }, { metadata: '' }, { id: 'no-uuid' }]) {
      expect(await store.append({ ...first(), events: [{ ...event(), ...bad }] })()).toMatchObject(
        E.left({ _tag: 'NotWritten', error: { _tag: 'InvalidInput' } })
      )
    }
    expect(server.calls).toEqual([])
  })

  it('takes a success without a position for a conflict: the stream was deleted, nothing was written', async () => {
    const server = await standIn()
    const store = await storeOn(server.url)
    const append = first('x-1', 2)
    await store.append(append)()
    await rawClient(server.url).deleteStream('x-1', { expectedRevision: 1n })
    const before = server.records().length
    expect(await store.append(append)()).toEqual(E.left({ _tag: 'WrongExpectedRevision', actual: 'noStream' }))
    expect(server.records()).toHaveLength(before)
    // decided anew, with a new id, it is written, and stays repeatable by its own revision
    const anew = first()
    expect(await store.append(anew)()).toEqual(E.right({ revision: 2n }))
    expect(await store.append({ ...anew, expected: exactly(1n) })()).toEqual(E.right({ revision: 2n }))
    expect(await store.readStream('x-1', 'forwards', 'start', 9)()).toMatchObject(E.right([{ id: anew.events[0]?.id }]))
  })

  it('takes it for success where the events are there after all', async () => {
    const server = await standIn()
    const store = await storeOn(server.url)
    const append = first('x-1', 2)
    await store.append(append)()
    await rawClient(server.url).setStreamMetadata('x-1', { truncateBefore: 1 })
    expect(await store.append(append)()).toEqual(E.right({ revision: 1n }))
    await rawClient(server.url).setStreamMetadata('x-1', { truncateBefore: 2 })
    expect(E.isLeft(await store.append(append)())).toBe(true)
  })

  it('tells a tombstoned stream, in appends and in reads', async () => {
    const server = await standIn()
    const store = await storeOn(server.url)
    await store.append(first())()
    await rawClient(server.url).tombstoneStream('x-1', { expectedRevision: 0n })
    const corrupt = { _tag: 'CorruptStream' }
    expect(await store.append(first())()).toMatchObject(E.left({ _tag: 'NotWritten', error: corrupt }))
    expect(await store.readStream('x-1', 'backwards', 'end', 1)()).toMatchObject(E.left(corrupt))
  })

  it('gives foreign events some text', async () => {
    const server = await standIn()
    const store = await storeOn(server.url)
    await rawClient(server.url).appendToStream('x-1', [
      {
        id: randomUUID(),
        type: 'A',
        contentType: 'application/octet-stream',
        data: new Uint8Array([1, 2]),
        metadata: undefined
      },
      { id: randomUUID(), type: 'B', contentType: 'application/json', data: 'text', metadata: new Uint8Array([255]) }
    ])
    expect(await store.readStream('x-1', 'forwards', 'start', 9)()).toMatchObject(
      E.right([
        { type: 'A', data: '\u0001\u0002', metadata: '' },
        { type: 'B', data: '"text"', metadata: '\ufffd' }
      ])
    )
  })
})

describe('cluster', () => {
  it('follows the leader from any node, in appends and in reads', async () => {
    const leader = await standIn()
    const follower = await standIn({ joins: leader })
    const store = await storeOn(follower.url)
    expect(await store.append(first())()).toEqual(E.right({ revision: 0n }))
    expect([follower, leader].map(({ calls }) => calls.length)).toEqual([1, 1])
    const reader = await storeOn(follower.url)
    expect(await reader.readStream('x-1', 'forwards', 'start', 9)()).toMatchObject(E.right([{ revision: 0n }]))
    follower.lead()
    expect(await store.append({ ...first(), expected: exactly(0n) })()).toEqual(E.right({ revision: 1n }))
  })

  it('discovers the leader by gossip', async () => {
    const leader = await standIn()
    await standIn({ joins: leader })
    const store = await storeOn(leader.clusterUrl())
    expect(await store.append(first())()).toEqual(E.right({ revision: 0n }))
  })

  it('waits for an election within the deadline', async () => {
    const server = await standIn()
    const store = await storeOn(server.url, { deadlineMs: 3000 })
    server.resign()
    setTimeout(() => server.lead(), 300)
    expect(await store.append(first())()).toEqual(E.right({ revision: 0n }))
  })
})

describe('TLS and credentials', () => {
  const secure = async () => {
    const caFile = temporaryFile('ca.pem')
    writeFileSync(caFile, certificate)
    return standIn({
      tls: { cert: certificate, key: privateKey, caFile },
      users: { keyfold: 'pa:ss@/1' },
      admins: ['keyfold']
    })
  }

  it('sends the credentials of the connection string with every call', async () => {
    const server = await secure()
    const store = await storeOn(server.url)
    expect(await store.append(first())()).toEqual(E.right({ revision: 0n }))
    expect(await store.readStream('x-1', 'forwards', 'start', 9)()).toMatchObject(E.right([{ revision: 0n }]))
    expect(await store.readAll('start', 'x-', 9)()).toMatchObject(E.right({ atEnd: true }))
    for await (const message of store.subscribe({ after: 'start', streamPrefix: 'x-' })) {
      expect(message).toMatchObject(E.right({ _tag: 'Event' }))
      break
    }
    expect(new Set(server.calls.map(({ user }) => user))).toEqual(new Set(['keyfold']))
    expect(server.calls.map(({ rpc }) => rpc)).toEqual(['append', 'read', 'read', 'subscribe'])
  })

  it('leaves the credentials of a client that was handed over alone, and still appends by the unary call', async () => {
    const server = await secure()
    const client = rawClient(server.url.replace('pa%3Ass%40%2F1', 'pa%3Ass%40%2F1'))
    const store = await openEventStoreDbStore({ client })
    expect(await store.append(first())()).toEqual(E.right({ revision: 0n }))
    expect(server.calls.map(({ rpc, user }) => [rpc, user])).toEqual([['append', 'keyfold']])
    const other = await openEventStoreDbStore({ client, credentials: { username: 'keyfold', password: 'wrong' } })
    expect(await other.append(first())()).toMatchObject(E.left({ error: { _tag: 'AccessDenied' } }))
  })

  it.each([
    ['a wrong password', (url: string) => url.replace('pa%3Ass', 'wrong'), 'AccessDenied'],
    ['no credentials', (url: string) => url.replace(/\/\/.*@/, '//'), 'AccessDenied'],
    ['an authority that is not trusted', (url: string) => url.replace(/&tlsCAFile=.*/, ''), 'StoreUnavailable'],
    ['no TLS', (url: string) => url.replace('tls=true', 'tls=false').replace(/&tlsCAFile=.*/, ''), 'StoreUnavailable']
  ])('%s: a typed error that names no password', async (_, change, tag) => {
    const server = await secure()
    const store = await storeOn(change(server.url), { deadlineMs: 1000 })
    const results: Array<E.Either<unknown, unknown>> = [
      E.mapLeft((failed: AppendFailure) => ('error' in failed ? failed.error : failed))(await store.append(first())()),
      await store.readStream('x-1', 'forwards', 'start', 1)(),
      await store.readAll('start', 'x', 1)()
    ]
    for await (const message of store.subscribe({ after: 'start', streamPrefix: 'x' })) results.push(message)
    expect(results).toHaveLength(4)
    for (const result of results) {
      expect(result).toMatchObject(E.left({ _tag: tag }))
      expect(JSON.stringify(result)).not.toMatch(/pa.?ss|wrong/)
    }
    expect(server.records()).toEqual([])
  })
})
