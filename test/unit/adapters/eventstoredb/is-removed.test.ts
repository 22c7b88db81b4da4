import { EventStoreDBClient } from '@eventstore/db-client'
import * as E from 'fp-ts/Either'
import { describe, expect, it, onTestFinished } from 'vitest'
import { exactly } from '../../../../src/domain/expected-revision.ts'
import { appendOf } from '../../../support/append-of.ts'
import { standIn, storeOn } from '../../../support/eventstoredb.ts'

/** A stream with three events. */
const world = async () => {
  const server = await standIn()
  const store = await storeOn(server.url)
  const client = EventStoreDBClient.connectionString(server.url)
  onTestFinished(() => client.dispose())
  const append = appendOf(3)
  expect(await store.append(append)()).toEqual(E.right({ revision: 2n }))
  const removed = (revision: bigint) => store.isRemoved?.(append.stream, revision)()
  return { server, store, client, append, stream: append.stream, removed }
}

describe('whether events were removed from a server', () => {
  it('is not so while they are there, nor in a stream that nobody wrote to', async () => {
    const { store, removed } = await world()
    expect(await removed(2n)).toEqual(E.right(false))
    expect(await store.isRemoved?.('test-another', 0n)()).toEqual(E.right(false))
  })

  it('is so after a soft delete, and not of what is written after that', async () => {
    const { store, client, stream, append, removed } = await world()
    await client.deleteStream(stream)
    expect(await removed(2n)).toEqual(E.right(true))
    await store.append({ ...append, expected: exactly(2n), events: appendOf(1).events })()
    expect([await removed(2n), await removed(3n)]).toEqual([E.right(true), E.right(false)])
  })

  it.each<readonly [string, { [name: string]: unknown }, boolean]>([
    ['events that were cut off before it', { $tb: 2 }, false],
    ['events that were cut off with it', { $tb: 3 }, true],
    ['an age', { $maxAge: 60 }, true],
    ['a number', { $maxCount: 1 }, true],
    ['rights, and an application’s own', { $acl: { $r: '$all' }, tb: 9 }, false]
  ])('is told by the metadata of the stream: %s', async (_, metadata, told) => {
    const { client, stream, removed } = await world()
    await client.setStreamMetadata(stream, metadata)
    expect(await removed(2n)).toEqual(E.right(told))
  })

  it('cannot be told without the right to read them, which is named', async () => {
    const { server, removed } = await world()
    server.faults.next({ rpc: 'read', do: { error: 'accessDenied' } })
    expect(await removed(2n)).toMatchObject({ left: { _tag: 'AccessDenied', message: expect.stringContaining('$mr') } })
  })

  it('cannot be told once the store is closed', async () => {
    const { store, removed } = await world()
    await store.dispose()
    expect(await removed(2n)).toMatchObject({ left: { _tag: 'StoreUnavailable' } })
  })
})
