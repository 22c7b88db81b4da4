import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import * as E from 'fp-ts/Either'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { EventStore } from '../../../../src/application/ports/event-store.ts'
import { noStream } from '../../../../src/domain/expected-revision.ts'
import { openEventStoreDbStore } from '../../../../src/eventstoredb.ts'
import { forbidUnhandledRejections } from '../../../support/eventstoredb.ts'

const deadlineMs = 700
/** What a call may take beyond its deadline on a busy machine: still well below the client's own ten seconds. */
const graceMs = 5000

const open = async (connectionString: string): Promise<EventStore> => {
  const store = await openEventStoreDbStore({ connectionString, deadlineMs })
  onTestFinished(() => store.dispose())
  return store
}

const timed = async <A>(work: Promise<A>): Promise<A> => {
  const begun = performance.now()
  const result = await work
  expect(performance.now() - begun).toBeLessThan(deadlineMs + graceMs)
  return result
}

const event = () => ({ id: randomUUID(), type: 'T', data: '{}', metadata: '{}' })

const firstMessage = async (store: EventStore) => {
  for await (const message of store.subscribe({ after: 'start', streamPrefix: 'x' })) return message
  return undefined
}

const sockets = new Set<Socket>()
const listening = async (server: Server): Promise<number> => {
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

const silent = createServer()
const hangsUp = createServer((socket) => socket.destroy())
const web = createHttpServer((_, response) => response.end('hello'))
let ports = { silent: 0, hangsUp: 0, web: 0, closed: 0 }

beforeAll(async () => {
  const gone = createServer()
  const closed = await listening(gone)
  await new Promise((resolve) => gone.close(resolve))
  ports = { silent: await listening(silent), hangsUp: await listening(hangsUp), web: await listening(web), closed }
})

afterAll(() => {
  for (const socket of sockets) socket.destroy()
  for (const server of [silent, hangsUp, web]) server.close()
})

forbidUnhandledRejections()

describe('bad servers: a typed error within the deadline, never a hang', () => {
  const cases: ReadonlyArray<[string, () => string, string, 'NotWritten' | 'OutcomeUnknown']> = [
    ['nobody listens', () => `esdb://127.0.0.1:${ports.closed}?tls=false`, 'StoreUnavailable', 'NotWritten'],
    ['nobody listens, TLS', () => `esdb://u:p@127.0.0.1:${ports.closed}`, 'StoreUnavailable', 'NotWritten'],
    ['no such host', () => 'esdb://keyfold.invalid:2113?tls=false', 'StoreUnavailable', 'NotWritten'],
    [
      'no node of a cluster',
      () =>
        `esdb://127.0.0.1:${ports.closed},localhost:${ports.closed}?tls=false&maxDiscoverAttempts=2&discoveryInterval=10`,
      'StoreUnavailable',
      'NotWritten'
    ],
    ['it accepts and never answers', () => `esdb://127.0.0.1:${ports.silent}?tls=false`, 'StoreTimeout', 'NotWritten'],
    [
      'so does every node of a cluster',
      () => `esdb://127.0.0.1:${ports.silent},localhost:${ports.silent}?tls=false`,
      'StoreTimeout',
      'NotWritten'
    ],
    ['it never answers the TLS handshake', () => `esdb://u:p@127.0.0.1:${ports.silent}`, 'StoreTimeout', 'NotWritten'],
    ['it hangs up at once', () => `esdb://127.0.0.1:${ports.hangsUp}?tls=false`, 'StoreUnavailable', 'NotWritten'],
    ['TLS is asked of a plain web server', () => `esdb://u:p@127.0.0.1:${ports.web}`, 'StoreUnavailable', 'NotWritten'],
    ['it is a web server', () => `esdb://127.0.0.1:${ports.web}?tls=false`, 'StoreUnavailable', 'NotWritten']
  ]

  it.each(cases)('%s', async (_, url, tag, outcome) => {
    const store = await open(url())
    const [append, read, all, message] = await timed(
      Promise.all([
        store.append({ stream: 'x-1', expected: noStream, events: [event()] })(),
        store.readStream('x-1', 'backwards', 'end', 1)(),
        store.readAll('start', 'x', 10)(),
        firstMessage(store)
      ])
    )
    expect(append).toMatchObject(E.left({ _tag: outcome, error: { _tag: tag } }))
    for (const result of [read, all, message]) expect(result).toMatchObject(E.left({ _tag: tag }))
    await timed(store.dispose())
  })

  it('ends what waits when the store is disposed of', async () => {
    const store = await openEventStoreDbStore({ connectionString: `esdb://127.0.0.1:${ports.silent}?tls=false` })
    const reached = once(silent, 'connection')
    const waiting = Promise.all([
      store.append({ stream: 'x-1', expected: noStream, events: [event()] })(),
      store.readStream('x-1', 'backwards', 'end', 1)(),
      firstMessage(store)
    ])
    await reached
    await timed(Promise.all([store.dispose(), store.dispose()]))
    const [append, read, message] = await timed(waiting)
    expect(append).toMatchObject(E.left({ _tag: 'OutcomeUnknown', error: { _tag: 'StoreUnavailable' } }))
    expect(read).toMatchObject(E.left({ _tag: 'StoreUnavailable' }))
    expect(message).toMatchObject(E.left({ _tag: 'StoreUnavailable' }))
  })
})
