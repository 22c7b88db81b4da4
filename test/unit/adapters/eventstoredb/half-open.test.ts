import { randomUUID } from 'node:crypto'
import { EventStoreDBClient } from '@eventstore/db-client'
import * as E from 'fp-ts/Either'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Append, EventStore } from '../../../../src/application/ports/event-store.ts'
import { noStream } from '../../../../src/domain/expected-revision.ts'
import { openEventStoreDbStore } from '../../../../src/eventstoredb.ts'
import { createLedger } from '../../../../src/index.ts'
import type { StandIn } from '../../../../src/testing/eventstoredb.ts'
import { forbidUnhandledRejections, standIn } from '../../../support/eventstoredb.ts'
import { eventually } from '../../../support/eventually.ts'

forbidUnhandledRejections()

const first = (stream: string): Append => ({
  stream,
  expected: noStream,
  events: [{ id: randomUUID(), type: 'T', data: '{}', metadata: '{}' }]
})

const written = E.right({ revision: 0n })

const deadlineMs = 800

/** The channel that a client uses at present; protected in its types. */
const channelOf = (client: EventStoreDBClient): Promise<unknown> => Reflect.get(client, 'getChannel').call(client)

type Given = {
  readonly server: StandIn
  readonly store: EventStore
  readonly client: EventStoreDBClient
  readonly channel: unknown
}

const setUp = async (of: 'store' | 'caller'): Promise<Given> => {
  const server = await standIn()
  const client = EventStoreDBClient.connectionString(server.url)
  onTestFinished(() => client.dispose())
  const connection = of === 'caller' ? { client } : { connectionString: server.url }
  const store = await openEventStoreDbStore({ ...connection, deadlineMs })
  onTestFinished(() => store.dispose())
  expect(await store.append(first('x-0'))()).toEqual(written)
  return { server, store, client, channel: await channelOf(client) }
}

/** The client's own keep-alive would notice after twenty seconds at best. */
describe.each(['store', 'caller'] as const)('a half-open connection, of a client of the %s', (of) => {
  it('costs the append that it struck its deadline; the same append again takes a new connection', async () => {
    const { server, store } = await setUp(of)
    server.faults.next({ rpc: 'append', when: 'after', do: 'freeze' })
    const append = first('x-1')
    expect(await store.append(append)()).toMatchObject(
      E.left({ _tag: 'OutcomeUnknown', error: { _tag: 'StoreTimeout' } })
    )
    expect(await store.append(append)()).toEqual(written)
    expect(server.records()).toHaveLength(2)
  })

  it('costs the reads that it struck their deadline; the next ones take a new connection', async () => {
    const { server, store } = await setUp(of)
    server.freezeConnections()
    const read = () => store.readStream('x-0', 'forwards', 'start', 1)()
    expect(await Promise.all([read(), read()])).toMatchObject([
      E.left({ _tag: 'StoreTimeout' }),
      E.left({ _tag: 'StoreTimeout' })
    ])
    expect(await read()).toMatchObject(E.right([{ revision: 0n }]))
    expect(await store.readAll('start', 'x-', 1)()).toMatchObject(E.right({ events: [{ stream: 'x-0' }] }))
    expect(server.connections()).toBe(2)
  })

  it('costs a caller of the ledger nothing but time', async () => {
    const { server, store } = await setUp(of)
    const ledger = createLedger({ store })
    const reserve = (key: string) =>
      ledger.reserve({
        tenant: { orgId: 'o', workspaceId: 'w' },
        operation: 'op',
        key,
        owner: 'me',
        requestFingerprint: 'f',
        lease: 600_000
      })
    server.freezeConnections()
    const answers = await Promise.all(['a', 'b', 'c'].map(reserve))
    expect(answers.map(({ _tag }) => _tag)).toEqual(['Reserved', 'Reserved', 'Reserved'])
    await ledger.dispose()
  })
})

it('is left also where another store has calls under way on the same server', async () => {
  const { server, store } = await setUp('store')
  const other = await openEventStoreDbStore({ connectionString: server.url, deadlineMs: 20_000 })
  server.faults.next({ rpc: 'read', do: 'hang' })
  const hung = other.readStream('x-0', 'forwards', 'start', 1)()
  await eventually(() => expect(server.openStreams()).toHaveLength(1))
  // calls of the store's own, too, that are not over yet when the first one is
  server.freezeConnections()
  const struck = [1, 2, 3].map(
    (n) => new Promise((resolve) => setTimeout(() => resolve(store.append(first(`y-${n}`))()), n * 100))
  )
  const append = first('x-1')
  expect(await store.append(append)()).toMatchObject(E.left({ _tag: 'OutcomeUnknown' }))
  expect(await store.append(append)()).toEqual(written)
  await Promise.all(struck)
  await other.dispose()
  expect(await hung).toMatchObject(E.left({ _tag: 'StoreUnavailable' }))
})

it('one call that is not answered, among others that are, leaves the connection alone', async () => {
  const { server, store, client, channel } = await setUp('caller')
  server.faults.next({ rpc: 'append', do: 'hang' })
  let isOver = false
  const hung = store
    .append(first('x-1'))()
    .finally(() => {
      isOver = true
    })
  let answered = 0
  while (!isOver) {
    expect(await store.append(first(randomUUID()))()).toEqual(written)
    answered++
  }
  expect(await hung).toMatchObject(E.left({ _tag: 'OutcomeUnknown' }))
  expect(answered).toBeGreaterThan(1)
  expect(await store.append(first('x-2'))()).toEqual(written)
  expect(await channelOf(client)).toBe(channel)
})
