import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client'
import * as E from 'fp-ts/Either'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openEventStoreDbStore } from '../../../../src/eventstoredb.ts'
import { appendOf } from '../../../support/append-of.ts'
import { forbidUnhandledRejections, standIn, storeOn } from '../../../support/eventstoredb.ts'
import { eventually } from '../../../support/eventually.ts'

forbidUnhandledRejections()

const clientOf = (url: string): EventStoreDBClient => {
  const client = EventStoreDBClient.connectionString(url)
  onTestFinished(() => client.dispose())
  return client
}

/** gRPC shares connections in the whole process, and the store cuts its own. */
describe("another client of the process, of the same address and settings, opened after the store's", () => {
  it('goes on when the store is disposed', async () => {
    const server = await standIn()
    const store = await openEventStoreDbStore({ connectionString: server.url })
    expect(await store.append(appendOf(1))()).toEqual(E.right({ revision: 0n }))
    const neighbour = clientOf(server.url)
    await neighbour.appendToStream('other-1', jsonEvent({ type: 'Other', data: {} }))
    expect(server.connections()).toBe(2)
    await store.dispose()
    await neighbour.appendToStream('other-2', jsonEvent({ type: 'Other', data: {} }))
    expect(server.connections()).toBe(1)
  })
  it('goes on when the store leaves a connection that was silent for too long', async () => {
    const server = await standIn()
    const store = await storeOn(server.url, { deadlineMs: 300 })
    expect(await store.append(appendOf(1))()).toEqual(E.right({ revision: 0n }))
    const neighbour = clientOf(server.url)
    await neighbour.appendToStream('other-1', jsonEvent({ type: 'Other', data: {} }))
    expect(server.connections()).toBe(2)
    server.faults.next({ rpc: 'append', do: 'hang' })
    expect(await store.append(appendOf(1))()).toMatchObject({ _tag: 'Left' })
    expect(await store.append(appendOf(1))()).toMatchObject({ _tag: 'Right' })
    // the silent one is cut, and the neighbour's stands
    await eventually(() => expect(server.connections()).toBe(2))
    await neighbour.appendToStream('other-2', jsonEvent({ type: 'Other', data: {} }))
  })
})
