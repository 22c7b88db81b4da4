import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { inspect } from 'node:util'
import { EventStoreDBClient } from '@eventstore/db-client'
import * as E from 'fp-ts/Either'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Append, AppendFailure, EventStore } from '../../../../src/application/ports/event-store.ts'
import { exactly, noStream } from '../../../../src/domain/expected-revision.ts'
import { openEventStoreDbStore } from '../../../../src/eventstoredb.ts'
import type { StandIn, StandInOptions } from '../../../../src/testing/eventstoredb.ts'
import { forbidUnhandledRejections, standIn, storeOn } from '../../../support/eventstoredb.ts'
import { temporaryFile } from '../../../support/temporary-file.ts'
import { certificate, privateKey } from './certificate.ts'

forbidUnhandledRejections()

const event = () => ({ id: randomUUID(), type: 'T', data: '{}', metadata: '{}' })

const first = (): Append => ({ stream: 'x-1', expected: noStream, events: [event()] })

const fileWith = (name: string, text: string): string => {
  const file = temporaryFile(name)
  writeFileSync(file, text)
  return file
}

const secure = (options: StandInOptions = {}): Promise<StandIn> =>
  standIn({
    tls: { cert: certificate, key: privateKey, caFile: fileWith('ca.pem', certificate) },
    users: { keyfold: 'pa:ss@/1' },
    admins: ['keyfold'],
    ...options
  })

const withoutCredentials = (url: string): string => url.replace(/\/\/.*@/, '//')

const overClient = async (
  url: string,
  credentials?: { readonly username: string; readonly password: string }
): Promise<EventStore> => {
  const client = EventStoreDBClient.connectionString(url)
  onTestFinished(() => client.dispose())
  const store = await openEventStoreDbStore({ client, ...(credentials && { credentials }) })
  onTestFinished(() => store.dispose())
  return store
}

type Way = {
  readonly server: () => Promise<StandIn>
  readonly open: (url: string) => Promise<EventStore>
  /** Whose credentials arrive. */
  readonly user?: string
}

const keyfold = { username: 'keyfold', password: 'pa:ss@/1' }

const withUserCertificate = (url: string): string => {
  const [cert, key] = [fileWith('user.pem', certificate), fileWith('user.key', privateKey)].map(encodeURIComponent)
  return `${withoutCredentials(url)}&userCertFile=${cert}&userKeyFile=${key}`
}

/** Every way to connect: whatever the credentials, the client must not come to choose its batch append. */
const ways: { readonly [name: string]: Way } = {
  insecure: { server: standIn, open: storeOn },
  'insecure, with credentials that are dropped': {
    server: standIn,
    open: (url) => storeOn(url.replace('//', '//keyfold:secret@'))
  },
  'insecure, over a client of one’s own': { server: standIn, open: overClient },
  'insecure, over a client of one’s own that does not throw on conflicts': {
    server: standIn,
    open: (url) => overClient(`${url}&throwOnAppendFailure=false`)
  },
  'secure, with credentials': { server: secure, open: storeOn, user: 'keyfold' },
  'secure, with a user’s certificate': {
    server: () => secure({ anonymous: true }),
    open: (url) => storeOn(withUserCertificate(url))
  },
  'secure, without credentials': {
    server: () => secure({ anonymous: true }),
    open: (url) => storeOn(withoutCredentials(url))
  },
  'secure, over a client of one’s own with credentials': { server: secure, open: overClient, user: 'keyfold' },
  'secure, over a client of one’s own without credentials': {
    server: () => secure({ anonymous: true }),
    open: (url) => overClient(withoutCredentials(url))
  },
  'secure, over a client of one’s own with a user’s certificate': {
    server: () => secure({ anonymous: true }),
    open: (url) => overClient(withUserCertificate(url))
  },
  'secure, over a client of one’s own whose credentials are overruled': {
    server: () => secure({ users: { other: 'x', keyfold: keyfold.password } }),
    open: (url) => overClient(url, keyfold),
    user: 'keyfold'
  }
}

describe.each(Object.entries(ways))('%s', (_, { server: start, open, user }) => {
  it('each append is one unary call to the leader with an explicit revision, and nothing else is asked', async () => {
    const server = await start()
    const store = await open(server.url)
    const append = first()
    expect(await store.append(append)()).toEqual(E.right({ revision: 0n }))
    expect(await store.append({ ...append, expected: exactly(0n), events: [event(), event()] })()).toEqual(
      E.right({ revision: 2n })
    )
    expect(await store.append(first())()).toEqual(E.left({ _tag: 'WrongExpectedRevision', actual: 2n }))
    const common = { rpc: 'append', requiresLeader: true, stream: 'x-1', ...(user !== undefined && { user }) }
    expect(server.calls).toEqual(
      ['noStream', 0n, 'noStream'].map((expected) => expect.objectContaining({ ...common, expected }))
    )
    expect(server.calls.map((call) => call.user)).toEqual([user, user, user])
  })
})

const encoded = ['pa:ss@/1', 'wrong:ss@/1'].map((password) => Buffer.from(`keyfold:${password}`).toString('base64'))
const secrets = new RegExp(['pa:ss', 'pa%3Ass', 'wrong', ...encoded].join('|'))

describe('TLS and credentials', () => {
  it('TLS where the server has none: a typed error within the deadline', async () => {
    const server = await standIn()
    const store = await storeOn(server.url.replace('tls=false', 'tls=true'), { deadlineMs: 1000 })
    expect(await store.append(first())()).toMatchObject(
      E.left({ _tag: 'NotWritten', error: { _tag: 'StoreUnavailable' } })
    )
    expect(await store.readStream('x-1', 'forwards', 'start', 1)()).toMatchObject(E.left({ _tag: 'StoreUnavailable' }))
  })

  it('the credentials of the connection string go with every call', async () => {
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

  it('a client of another build, or of another copy of the package, is refused by name', async () => {
    const server = await standIn()
    const client = EventStoreDBClient.connectionString(server.url)
    onTestFinished(() => client.dispose())
    const copy: EventStoreDBClient = Object.assign(Object.create(null), client)
    const older = Object.defineProperty(Object.create(client), 'callArguments', { value: undefined })
    for (const other of [copy, older]) {
      await expect(openEventStoreDbStore({ client: other })).rejects.toMatchObject({
        tag: 'InvalidInput',
        failure: { path: '$.client' }
      })
    }
    expect(server.calls).toEqual([])
  })

  it('a client that was handed over stays open', async () => {
    const server = await standIn()
    const client = EventStoreDBClient.connectionString(server.url)
    onTestFinished(() => client.dispose())
    const store = await openEventStoreDbStore({ client })
    expect(await store.append(first())()).toEqual(E.right({ revision: 0n }))
    await store.dispose()
    await client.deleteStream('x-1', { expectedRevision: 0n })
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
      expect(inspect(result, { depth: 20, showHidden: true })).not.toMatch(secrets)
    }
    expect(server.records()).toEqual([])
  })
})
