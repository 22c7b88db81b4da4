import { randomUUID } from 'node:crypto'
import { createConnection } from 'node:net'
import { END, START } from '@eventstore/db-client'
import { describe, expect, it } from 'vitest'
import { eventually } from '../../../support/eventually.ts'
import { batched, clientOf, collect, errorOf, letter, lettersIn, standIn, unary } from './world.ts'

describe('a server', () => {
  it('listens on the port that it is given, and frees it', async () => {
    const first = await standIn()
    await first.stop()
    const second = await standIn({ port: first.port })
    expect(second.port).toBe(first.port)
    expect(second.url).toBe(`esdb://127.0.0.1:${first.port}?tls=false`)
    await unary(clientOf(second.url))('s', [letter('a')], 'any')
    await expect(standIn({ port: first.port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })

  it('that cannot start leaves nothing behind: no port that is listened at, and no node in a cluster', async () => {
    const listeners = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap').length
    const before = listeners()
    const server = await standIn()
    const stopped = await standIn()
    await stopped.stop()
    const taker = await standIn({ port: stopped.port })
    await expect(standIn({ port: taker.port, joins: server })).rejects.toMatchObject({ code: 'EADDRINUSE' })
    await expect(standIn({ tls: { cert: 'none', key: 'none' }, joins: server })).rejects.toThrow()
    await expect(stopped.restart()).rejects.toMatchObject({ code: 'EADDRINUSE' })
    // those that run have two each
    await eventually(() => expect(listeners()).toBeLessThanOrEqual(before + 4), 3000)
    expect(server.clusterUrl()).toBe(server.url)
    expect(stopped.role()).toBe('down')
    await taker.stop()
    await stopped.restart()
    await unary(clientOf(stopped.url))('s', [letter('a')], 'any')
  })

  it('keeps its log over a restart, and cuts every connection', async () => {
    const server = await standIn()
    const client = clientOf(server.url)
    await unary(client)('s', [letter('a')], 'any')
    const cut = new Promise((resolve) => client.subscribeToAll().once('error', resolve))
    await eventually(() => expect(server.openStreams()).toHaveLength(1))
    await server.restart()
    expect(await cut).toMatchObject({ type: 'unavailable' })
    expect(server.openStreams()).toEqual([])
    expect(await eventually(() => lettersIn(client, 's'))).toEqual(['a'])
  })

  it('that is mute accepts and answers nobody, and answers again', async () => {
    const server = await standIn()
    const client = clientOf(server.url)
    const append = unary(client)
    await append('s', [letter('a')], 'any')
    server.mute()
    // on the connection that there was, and on a new one
    expect(await errorOf(append('s', [letter('b')], 'any', { deadline: 200 }))).toMatchObject({
      type: 'deadline-exceeded'
    })
    const other = clientOf(`${server.url}&keepAliveTimeout=9000`)
    const waiting = lettersIn(other, 's')
    await eventually(() => expect(server.connections()).toBe(2))
    expect(server.calls.filter(({ rpc }) => rpc === 'read')).toEqual([])
    server.unmute()
    expect(await waiting).toEqual(['a'])
    await append('s', [letter('c')], 'any')
    expect(await lettersIn(client, 's')).toEqual(['a', 'c'])
  })

  it('refuses what is larger than it takes, and tells how much that is', async () => {
    const server = await standIn({ maxAppendSize: 1000 })
    for (const append of [unary(clientOf(server.url)), batched(clientOf(server.url))]) {
      expect(await errorOf(append('s', [letter('x'.repeat(1000))], 'any'))).toMatchObject({
        type: 'maximum-append-size-exceeded',
        maxAppendSize: 1000
      })
      await append('s', [letter('x'.repeat(900))], 'any')
    }
    expect(server.records()).toHaveLength(2)
  })

  it('refuses an event whose id is no UUID, and writes nothing', async () => {
    const server = await standIn()
    expect(await errorOf(unary(clientOf(server.url))('s', [letter('a', 'no-uuid')], 'any'))).toMatchObject({
      type: 'unknown'
    })
    expect(server.records()).toEqual([])
  })

  it('has the time that it is given', async () => {
    let now = 1_000
    const server = await standIn({ now: () => now })
    const append = unary(clientOf(server.url))
    await append('s', [letter('a')], 'any')
    now = 2_000
    await append('s', [letter('b')], 'any')
    expect(server.records().map(({ created }) => created)).toEqual([1_000, 2_000])
    expect(server.calls.map(({ at }) => at)).toEqual([1_000, 2_000])
  })

  it('survives peers that speak something else', async () => {
    const server = await standIn()
    const peer = createConnection(server.port, '127.0.0.1')
    peer.on('error', () => {})
    const closed = new Promise((resolve) => peer.resume().once('close', resolve))
    peer.write('GET / HTTP/1.1\r\n\r\n')
    await closed
    await unary(clientOf(server.url))('s', [letter('a')], 'any')
  })
})

describe('server features', () => {
  it('are what a client chooses its append by: without credentials it is the batch append', async () => {
    const server = await standIn({ version: '23.10.2' })
    const client = clientOf(server.url)
    await batched(client)('s', [letter('a')], 'any')
    expect(server.calls.map(({ rpc }) => rpc)).toEqual(['features', 'openBatch', 'batchAppend'])
    const capabilities: { readonly serverVersion: string } = await Reflect.get(client, 'capabilities')
    expect(capabilities.serverVersion).toBe('23.10.2')
  })

  it('can fail, as any call', async () => {
    const server = await standIn()
    server.faults.next({ rpc: 'features', do: { error: 'unavailable' } })
    expect(await errorOf(batched(clientOf(server.url))('s', [letter('a')], 'any'))).toMatchObject({ code: 14 })
    server.faults.next({ rpc: 'features', do: { error: 'unimplemented' } })
    // a server so old that it has none is appended to by the unary call
    await batched(clientOf(server.url))('s', [letter('b')], 'any')
    expect(server.calls.at(-1)?.rpc).toBe('append')
  })
})

describe('the batch append', () => {
  it('puts an append together that comes in parts, and writes it as one', async () => {
    const server = await standIn()
    const client = clientOf(server.url)
    const letters = Array.from({ length: 20 }, (_, n) => letter(`${n}${'x'.repeat(500)}`))
    await client.appendToStream('s', letters, { batchAppendSize: 1000 })
    expect(server.calls.filter(({ rpc }) => rpc === 'batchAppend')).toMatchObject([{ stream: 's', expected: 'any' }])
    expect(await lettersIn(client, 's')).toEqual(letters.map(({ data }) => data.text))
    // all appends of a client go over one stream
    await batched(client)('t', [letter('a')], 'any')
    expect(server.openStreams().map(({ call }) => call.rpc)).toEqual(['openBatch'])
    expect(server.calls.filter(({ rpc }) => rpc === 'openBatch')).toHaveLength(1)
  })

  it('holds the deadline, which is a time of the client’s clock, against its own clock', async () => {
    const server = await standIn({ now: () => Date.now() + 60_000 })
    const error = await errorOf(batched(clientOf(server.url))('s', [letter('a')], 'any'))
    expect(error).toMatchObject({ type: 'deadline-exceeded' })
    expect(server.records()).toEqual([])
    await unary(clientOf(server.url))('s', [letter('a')], 'any')
  })
})

describe('links of the log to its streams', () => {
  it('every event has one place in the log, in the order of writing, from both ends', async () => {
    const server = await standIn()
    const client = clientOf(server.url)
    const ids = Array.from({ length: 5 }, () => randomUUID())
    for (const [n, id] of ids.entries()) await unary(client)(`s-${n % 2}`, [letter('x', id)], 'any')
    const forwards = await collect(client.readAll({ fromPosition: START }))
    const backwards = await collect(client.readAll({ direction: 'backwards', fromPosition: END }))
    // a log begins with an event of the server's own
    expect(forwards.map(({ event }) => event?.id).slice(1)).toEqual(ids)
    expect(backwards.map(({ event }) => event?.id).slice(0, -1)).toEqual(ids.toReversed())
  })
})
