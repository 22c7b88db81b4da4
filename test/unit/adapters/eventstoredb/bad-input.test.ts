import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { binaryEvent, EventStoreDBClient, jsonEvent } from '@eventstore/db-client'
import { describe, expect, it, onTestFinished } from 'vitest'
import { sha256 } from '../../../../src/adapters/node/sha256.ts'
import { genesisHash, linkHash, withHash } from '../../../../src/application/stream/event-text.ts'
import { noStream } from '../../../../src/domain/expected-revision.ts'
import type { EventStoreDbStoreOptions } from '../../../../src/eventstoredb.ts'
import { createLedger, KeyfoldError, type Ledger, recordId } from '../../../../src/index.ts'
import type { StandIn } from '../../../../src/testing/eventstoredb.ts'
import { forbidUnhandledRejections, standIn, storeOn } from '../../../support/eventstoredb.ts'
import { temporaryFile } from '../../../support/temporary-file.ts'
import { certificate, privateKey } from './certificate.ts'

forbidUnhandledRejections()

const key = { tenant: { orgId: 'o', workspaceId: 'w' }, operation: 'op', key: 'k' }
const stream = `idempotency-${recordId(key.tenant, key.operation, key.key)}`

const ledgerOn = async (
  url: string,
  options: Omit<EventStoreDbStoreOptions, 'connectionString' | 'client' | 'credentials'> = {}
): Promise<Ledger> => {
  const ledger = createLedger({ store: await storeOn(url, { deadlineMs: 700, ...options }), deadlineMs: 1500 })
  onTestFinished(() => ledger.dispose())
  return ledger
}

const reserve = (ledger: Ledger) => ledger.reserve({ ...key, owner: 'me', requestFingerprint: 'f', lease: 600_000 })

/** The tag of the failure; the work must not succeed, nor fail in any other way. */
const tagOf = async (work: Promise<unknown>): Promise<string> => {
  try {
    return `it was answered ${JSON.stringify(await work)}`
  } catch (cause) {
    return cause instanceof KeyfoldError ? cause.tag : String(cause)
  }
}

const rawClient = (server: StandIn): EventStoreDBClient => {
  const client = EventStoreDBClient.connectionString(server.url)
  onTestFinished(() => client.dispose())
  return client
}

const credentials = { username: 'any', password: 'any' }

const secure = (): Promise<StandIn> => {
  const caFile = temporaryFile('ca.pem')
  writeFileSync(caFile, certificate)
  return standIn({ tls: { cert: certificate, key: privateKey, caFile } })
}

describe('every command on a bad server fails by its tag, in time', () => {
  const closedPort = async (): Promise<number> => {
    const server = await standIn()
    await server.stop()
    return server.port
  }
  const silentPort = async (): Promise<number> => {
    const server = createServer((socket) => socket.on('error', () => {}))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const address = server.address()
    return typeof address === 'object' && address !== null ? address.port : 0
  }
  it.each<[string, () => Promise<string>, string]>([
    ['nobody listens', async () => `esdb://127.0.0.1:${await closedPort()}?tls=false`, 'StoreUnavailable'],
    ['the password is wrong', async () => (await secure()).url.replace('changeit', 'wrong'), 'AccessDenied'],
    ['TLS is not spoken here', async () => (await secure()).url.replace(/tls=true.*/, 'tls=false'), 'StoreUnavailable'],
    [
      'nothing but TLS is spoken here',
      async () => (await standIn()).url.replace('tls=false', 'tls=true'),
      'StoreUnavailable'
    ],
    ['it accepts and never answers', async () => `esdb://127.0.0.1:${await silentPort()}?tls=false`, 'StoreTimeout']
  ])('%s', async (_, url, tag) => {
    const ledger = await ledgerOn(await url())
    const claim = { recordId: recordId(key.tenant, key.operation, key.key), epoch: 1, claimId: randomUUID() }
    const works = [
      reserve(ledger),
      ledger.get(key),
      ledger.complete({ claim, outcome: { outcomeKind: 'done' } }),
      ledger.release({ claim }),
      ledger.renew({ claim, leaseMs: 1000 }),
      ledger.completeByKey({ ...key, outcome: { outcomeKind: 'done' } }),
      ledger.history(key),
      ledger.list()
    ]
    expect(await Promise.all(works.map(tagOf))).toEqual(works.map(() => tag))
  })
})

describe('a key’s stream that holds something else', () => {
  const tagsOn = async (server: StandIn): Promise<ReadonlyArray<string>> => {
    const ledger = await ledgerOn(server.url)
    return Promise.all([reserve(ledger), ledger.get(key), ledger.history(key)].map(tagOf))
  }

  it.each([
    ['a foreign event', jsonEvent({ type: 'OrderPlaced', data: { a: 1 } })],
    ['a foreign event with metadata', jsonEvent({ type: 'OrderPlaced', data: { a: 1 }, metadata: { hash: 'x' } })],
    ['an event of keyfold’s name, but not its making', jsonEvent({ type: 'Reserved', data: { epoch: 1 } })],
    ['bytes', binaryEvent({ type: 'Reserved', data: new Uint8Array([1, 2, 255]) })]
  ])('%s is CorruptStream', async (_, foreign) => {
    const server = await standIn()
    await rawClient(server).appendToStream(stream, foreign, { expectedRevision: 'no_stream', credentials })
    expect(await tagsOn(server)).toEqual(['CorruptStream', 'CorruptStream', 'CorruptStream'])
    expect(server.records()).toHaveLength(1)
  })

  it('a foreign event after keyfold’s own is CorruptStream', async () => {
    const server = await standIn()
    await reserve(await ledgerOn(server.url))
    await rawClient(server).appendToStream(stream, jsonEvent({ type: 'Noise', data: {} }), {
      expectedRevision: 0n,
      credentials
    })
    expect(await tagsOn(server)).toEqual(['CorruptStream', 'CorruptStream', 'CorruptStream'])
  })

  it('an event of a newer keyfold is UnsupportedVersion', async () => {
    const server = await standIn()
    const store = await storeOn(server.url)
    const newer = { id: randomUUID(), type: 'Reserved', data: '{"brandNew":true}' }
    const previousHash = genesisHash(sha256, stream)
    const unhashed = JSON.stringify({ schemaVersion: 99, previousHash })
    const metadata = withHash(unhashed, linkHash(sha256, previousHash, { ...newer, unhashed }))
    await store.append({ stream, expected: noStream, events: [{ ...newer, metadata }] })()
    expect(await tagsOn(server)).toEqual(['UnsupportedVersion', 'UnsupportedVersion', 'UnsupportedVersion'])
    expect(server.records()).toHaveLength(1)
  })

  it('what was cut off in the middle is CorruptStream', async () => {
    const server = await standIn()
    const ledger = await ledgerOn(server.url)
    for (let n = 0; n < 3; n++) await reserve(ledger)
    await rawClient(server).setStreamMetadata(stream, { truncateBefore: 1 })
    expect(await tagsOn(server)).toEqual(['CorruptStream', 'CorruptStream', 'CorruptStream'])
  })

  it('a soft delete makes a key one that was never seen; it is reserved anew, and kept', async () => {
    const server = await standIn()
    await reserve(await ledgerOn(server.url))
    await rawClient(server).deleteStream(stream, { expectedRevision: 0n })
    const ledger = await ledgerOn(server.url)
    expect(await ledger.get(key)).toBeUndefined()
    const answer = await reserve(ledger)
    if (answer._tag !== 'Reserved') return expect.fail(answer._tag)
    expect(answer.claim.epoch).toBe(1)
    const outcome = { outcomeKind: 'done' }
    expect(await ledger.complete({ claim: answer.claim, outcome })).toMatchObject({ _tag: 'Completed' })
    const other = await ledgerOn(server.url)
    expect(await reserve(other)).toMatchObject({ _tag: 'Duplicate', record: { outcome } })
    expect((await other.history(key)).map(({ type, revision }) => [type, revision])).toEqual([
      ['Reserved', 1n],
      ['Completed', 2n],
      ['DuplicateSeen', 3n]
    ])
  })

  it('a tombstone is CorruptStream', async () => {
    const server = await standIn()
    await reserve(await ledgerOn(server.url))
    await rawClient(server).tombstoneStream(stream, { expectedRevision: 0n })
    expect(await tagsOn(server)).toEqual(['CorruptStream', 'CorruptStream', 'CorruptStream'])
  })
})

describe('an outcome over the limit of an append', () => {
  const large = { outcomeKind: 'done', details: 'x'.repeat(200_000) }
  const small = { outcomeKind: 'done', details: 'x'.repeat(20_000) }

  it.each([
    ['the store’s, before anything is sent', 1024 * 1024, 100_000, 0],
    ['the server’s, which is lower than the store’s', 50_000, 1024 * 1024, 1]
  ])('%s: LimitExceeded with the limit, and the claim still stands', async (_, server, store, sent) => {
    const running = await standIn({ maxAppendSize: server })
    const ledger = await ledgerOn(running.url, { maxAppendBytes: store })
    const answer = await reserve(ledger)
    if (answer._tag !== 'Reserved') return expect.fail(answer._tag)
    const before = running.calls.length
    const failed = await ledger.taskEither.complete({ claim: answer.claim, outcome: large })()
    expect(failed).toMatchObject({ left: { _tag: 'LimitExceeded', limit: Math.min(server, store) } })
    expect(failed).toMatchObject({ left: { size: expect.any(Number) } })
    expect(running.calls.slice(before).filter(({ rpc }) => rpc === 'append')).toHaveLength(sent)
    expect(running.records()).toHaveLength(1)
    expect(await ledger.complete({ claim: answer.claim, outcome: small })).toMatchObject({ _tag: 'Completed' })
    expect((await ledger.get(key))?.outcome?.details).toBe(small.details)
  })
})
