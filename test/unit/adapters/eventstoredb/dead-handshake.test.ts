import { writeFileSync } from 'node:fs'
import { EventStoreDBClient } from '@eventstore/db-client'
import * as E from 'fp-ts/Either'
import { describe, expect, it, onTestFinished } from 'vitest'
import { sleep } from '../../../../src/adapters/node/timer.ts'
import type { EventStore } from '../../../../src/application/ports/event-store.ts'
import { openEventStoreDbStore } from '../../../../src/eventstoredb.ts'
import type { StandIn } from '../../../../src/testing/eventstoredb.ts'
import { appendOf } from '../../../support/append-of.ts'
import { forbidUnhandledRejections, standIn } from '../../../support/eventstoredb.ts'
import { eventually } from '../../../support/eventually.ts'
import { relay } from '../../../support/relay.ts'
import { temporaryFile } from '../../../support/temporary-file.ts'
import { certificate, privateKey } from './certificate.ts'

forbidUnhandledRejections()

const deadlineMs = 500

const secure = (): Promise<StandIn> => {
  const caFile = temporaryFile('ca.pem')
  writeFileSync(caFile, certificate)
  return standIn({ tls: { cert: certificate, key: privateKey, caFile } })
}

const servers: { readonly [name: string]: () => Promise<StandIn> } = { 'without TLS': standIn, 'with TLS': secure }

const opened = async (url: string, of: 'store' | 'caller'): Promise<EventStore> => {
  const client = EventStoreDBClient.connectionString(url)
  const store = await openEventStoreDbStore({
    ...(of === 'store' ? { connectionString: url } : { client }),
    deadlineMs
  })
  onTestFinished(() => store.dispose())
  return store
}

const firstOf = async (store: EventStore) => {
  for await (const message of store.subscribe({ after: 'start', streamPrefix: 'test-' })) return message
  return undefined
}

const calls: { readonly [name: string]: (store: EventStore) => Promise<E.Either<unknown, unknown> | undefined> } = {
  'an append': (store) => store.append(appendOf(1))(),
  'a read': (store) => store.readStream('test-1', 'forwards', 'start', 1)(),
  'a subscription': firstOf
}

const rows = Object.keys(servers).flatMap((server) =>
  (['store', 'caller'] as const).flatMap((of) => Object.keys(calls).map((call) => ({ server, of, call })))
)

/** gRPC itself would wait for such a connection for ever. */
describe('a connection that is accepted and dies in its handshake', () => {
  it.each(rows)('$server, a client of the $of: $call finds nobody, the next one has another', async (row) => {
    const server = await (servers[row.server] ?? standIn)()
    const gate = await relay(server)
    const store = await opened(gate.urlOf(server), row.of)
    const call = calls[row.call] ?? firstOf
    const first = await call(store)
    expect(first).toMatchObject({ _tag: 'Left' })
    expect(JSON.stringify(first)).toContain('StoreTimeout')
    if (row.call === 'an append') expect(first).toMatchObject(E.left({ _tag: 'NotWritten' }))
    gate.heal()
    // the first socket is as dead as it was
    expect(await store.append(appendOf(1))()).toEqual(E.right({ revision: 0n }))
    expect(gate.accepted()).toBe(2)
    await eventually(() => expect(gate.dead()).toBe(0))
  })

  it('is told of as certainly as ever where it took a while to find the node', async () => {
    const server = await standIn()
    const gate = await relay(server)
    const client = EventStoreDBClient.connectionString(gate.urlOf(server))
    const found = Reflect.get(client, 'getGRPCClient')
    Reflect.set(client, 'getGRPCClient', async (...asked: ReadonlyArray<unknown>) => {
      await sleep(deadlineMs / 2)
      return Reflect.apply(found, client, asked)
    })
    const store = await openEventStoreDbStore({ client, deadlineMs })
    onTestFinished(() => store.dispose())
    expect(await store.append(appendOf(1))()).toMatchObject(
      E.left({ _tag: 'NotWritten', error: { _tag: 'StoreTimeout' } })
    )
  })

  it('does not outlive its store', async () => {
    const server = await standIn()
    const gate = await relay(server)
    const store = await opened(gate.urlOf(server), 'store')
    const waiting = store.readStream('test-1', 'forwards', 'start', 1)()
    await eventually(() => expect(gate.dead()).toBe(1))
    await store.dispose()
    expect(await waiting).toMatchObject(E.left({ _tag: 'StoreUnavailable' }))
    await eventually(() => expect(gate.dead()).toBe(0))
  })

  it('costs many callers at once no more than one: a ledger’s command still is answered', async () => {
    const server = await standIn()
    const gate = await relay(server)
    const store = await opened(gate.urlOf(server), 'store')
    const first = Array.from({ length: 20 }, () => store.append(appendOf(1))())
    for (const result of await Promise.all(first)) {
      expect(result).toMatchObject(E.left({ _tag: 'NotWritten', error: { _tag: 'StoreTimeout' } }))
    }
    gate.heal()
    const second = Array.from({ length: 20 }, () => store.append(appendOf(1))())
    expect(await Promise.all(second)).toEqual(second.map(() => E.right({ revision: 0n })))
    expect(gate.accepted()).toBe(2)
  })
})
