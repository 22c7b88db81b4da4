import { describe, expect, it } from 'vitest'
import { clientOf, collect, errorOf, letter, lettersIn, standIn, textOf, unary } from './world.ts'

const setUp = async (now?: () => number) => {
  const server = await standIn(now ? { now } : {})
  const client = clientOf(server.url)
  return { server, client, append: unary(client) }
}

describe('soft delete', () => {
  it('hides the stream, keeps its events in the log, and can be done twice', async () => {
    const { server, client, append } = await setUp()
    await append('s', [letter('a')], 'no_stream')
    const { position } = await client.deleteStream('s', { expectedRevision: 0n })
    expect(position?.commit).toBe(server.records().at(-1)?.position)
    expect(await errorOf(lettersIn(client, 's'))).toMatchObject({ type: 'stream-not-found' })
    await client.deleteStream('s')
    expect(server.records().map(({ stream }) => stream)).toEqual(['s', '$$s', '$$s'])
  })

  it('refuses what is not there, and a revision that is not the last', async () => {
    const { client, append } = await setUp()
    const type = 'wrong-expected-version'
    expect(await errorOf(client.deleteStream('s'))).toMatchObject({ type, expectedVersion: -2n, actualVersion: -1n })
    expect(await errorOf(client.deleteStream('s', { expectedRevision: 'no_stream' }))).toMatchObject({
      type,
      expectedVersion: -1n
    })
    await append('s', [letter('a'), letter('b')], 'no_stream')
    expect(await errorOf(client.deleteStream('s', { expectedRevision: 0n }))).toMatchObject({
      type,
      expectedVersion: 0n,
      actualVersion: 1n
    })
  })

  it('is undone by the next write', async () => {
    const { client, append } = await setUp()
    await append('s', [letter('a'), letter('b')], 'no_stream')
    await client.deleteStream('s')
    expect(await append('s', [letter('c')], 1n)).toMatchObject({ nextExpectedRevision: 2n })
    expect(await lettersIn(client, 's')).toEqual(['c'])
    expect((await client.getStreamMetadata('s')).metadata).toEqual({ truncateBefore: 2 })
  })

  it('is undone by metadata too: what they bring back is an empty stream, and they stay as they were', async () => {
    const { client, append } = await setUp()
    await append('s', [letter('a'), letter('b')], 'no_stream')
    await client.deleteStream('s')
    await client.setStreamMetadata('s', { owner: 'me' })
    expect(await lettersIn(client, 's')).toEqual([])
    expect((await client.getStreamMetadata('s')).metadata).toEqual({ truncateBefore: 2, owner: 'me' })
  })
})

describe('tombstone', () => {
  it('ends a stream for good', async () => {
    const { client, append } = await setUp()
    await append('s', [letter('a')], 'no_stream')
    await client.tombstoneStream('s', { expectedRevision: 0n })
    const type = 'stream-deleted'
    expect(await errorOf(lettersIn(client, 's'))).toMatchObject({ type, streamName: 's' })
    expect(await errorOf(client.deleteStream('s'))).toMatchObject({ type })
    expect(await errorOf(client.tombstoneStream('s'))).toMatchObject({ type })
    expect(await errorOf(client.getStreamMetadata('s'))).toMatchObject({ type })
  })

  it('needs no stream to be there', async () => {
    const { client, append } = await setUp()
    await client.tombstoneStream('s', { expectedRevision: 'no_stream' })
    expect(await errorOf(append('s', [letter('a')], 'any'))).toMatchObject({ type: 'stream-deleted' })
  })

  it('is told as no error that a client knows where the name is none for a header', async () => {
    const { client, append } = await setUp()
    await client.tombstoneStream('größe', { expectedRevision: 'no_stream' })
    expect(await errorOf(append('größe', [letter('a')], 'any'))).toMatchObject({ type: 'unknown', code: 2 })
  })
})

describe('metadata', () => {
  it('cuts reads by number, and nothing but reads', async () => {
    const { client, append } = await setUp()
    await append(
      's',
      ['a', 'b', 'c'].map((text) => letter(text)),
      'no_stream'
    )
    await client.setStreamMetadata('s', { truncateBefore: 1 })
    expect(await lettersIn(client, 's')).toEqual(['b', 'c'])
    await client.setStreamMetadata('s', { maxCount: 1 })
    expect(await lettersIn(client, 's')).toEqual(['c'])
    expect((await collect(client.readAll())).map(textOf)).toEqual([
      '$metadata',
      'a',
      'b',
      'c',
      '$metadata',
      '$metadata'
    ])
    expect(await errorOf(append('s', [letter('d')], 'no_stream'))).toMatchObject({ actualVersion: 2n })
  })

  it('expires events by the clock of the server; a stream of nothing else reads as empty', async () => {
    let now = 1_000_000
    const { client, append } = await setUp(() => now)
    await append('s', [letter('a')], 'no_stream')
    await client.setStreamMetadata('s', { maxAge: 10 })
    now += 5_000
    await append('s', [letter('b')], 0n)
    now += 6_000
    expect(await lettersIn(client, 's')).toEqual(['b'])
    now += 6_000
    expect(await lettersIn(client, 's')).toEqual([])
    expect(await errorOf(append('s', [letter('c')], 'no_stream'))).toMatchObject({ actualVersion: 1n })
  })

  it('is shown by its last version only', async () => {
    const { client } = await setUp()
    await client.setStreamMetadata('s', { maxCount: 1 })
    await client.setStreamMetadata('s', { maxCount: 2 })
    expect(await collect(client.readStream('$$s'))).toHaveLength(1)
    expect((await client.getStreamMetadata('s')).metadata).toEqual({ maxCount: 2 })
  })
})
