import { randomUUID } from 'node:crypto'
import { EventStoreDBClient } from '@eventstore/db-client'
import * as E from 'fp-ts/Either'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Append } from '../../../../src/application/ports/event-store.ts'
import { exactly, noStream } from '../../../../src/domain/expected-revision.ts'
import { standIn, storeOn } from '../../../support/eventstoredb.ts'

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
