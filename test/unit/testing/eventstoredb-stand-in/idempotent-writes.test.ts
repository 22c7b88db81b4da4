import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { eventually } from '../../../support/eventually.ts'
import { appendPaths, clientOf, errorOf, letter, lettersIn, standIn } from './world.ts'

const [a, b, c, d] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()]

describe.each(appendPaths)('the idempotent-write table, by %s', (_name, pathOf) => {
  const setUp = async () => {
    const server = await standIn()
    const client = clientOf(server.url)
    return { server, client, append: pathOf(client) }
  }

  it('writes to a new stream under "any" and "no stream", and nothing else', async () => {
    const { append } = await setUp()
    expect(await append('s1', [letter('x')], 'any')).toMatchObject({ success: true, nextExpectedRevision: 0n })
    expect(await append('s2', [letter('x'), letter('y')], 'no_stream')).toMatchObject({ nextExpectedRevision: 1n })
    const conflict = { type: 'wrong-expected-version', actualVersion: 'no_stream' }
    expect(await errorOf(append('s3', [letter('x')], 0n))).toMatchObject({ ...conflict, expectedVersion: 0n })
    expect(await errorOf(append('s4', [letter('x')], 'stream_exists'))).toMatchObject({
      ...conflict,
      expectedVersion: 'stream_exists'
    })
  })

  it('refuses every write to a tombstoned stream', async () => {
    const { client, append } = await setUp()
    await append('s', [letter('x', a)], 'no_stream')
    await client.tombstoneStream('s')
    for (const expected of ['any', 'no_stream', 'stream_exists', 0n] as const) {
      expect(await errorOf(append('s', [letter('x', a)], expected))).toMatchObject({
        type: 'stream-deleted',
        streamName: 's'
      })
    }
    expect(await errorOf(append('$$s', [letter('x')], 'any'))).toMatchObject({ type: 'stream-deleted' })
  })

  it('refuses "stream exists" on a soft-deleted stream as deleted', async () => {
    const { client, append } = await setUp()
    await append('s', [letter('x', a)], 'no_stream')
    await client.deleteStream('s')
    expect(await errorOf(append('s', [letter('y')], 'stream_exists'))).toMatchObject({ type: 'stream-deleted' })
  })

  it.each(['any', 'stream_exists'] as const)(
    'tells repeats under "%s" by the ids that it remembers',
    async (expected) => {
      const { server, client, append } = await setUp()
      await append('s', [letter('a', a), letter('b', b), letter('c', c)], 'no_stream')
      const repeat = await append('s', [letter('a', a), letter('b', b)], expected)
      expect(repeat).toMatchObject({ nextExpectedRevision: 1n, position: { commit: server.records()[1]?.position } })
      expect(await errorOf(append('s', [letter('a', a), letter('d', d)], expected))).toMatchObject({
        type: 'wrong-expected-version',
        expectedVersion: expected,
        actualVersion: 2n
      })
      expect(await append('s', [letter('d', d), letter('a', a)], expected)).toMatchObject({ nextExpectedRevision: 4n })
      expect(await lettersIn(client, 's')).toEqual(['a', 'b', 'c', 'd', 'a'])
    }
  )

  it('knows an id by the stream that it was first written to, and forgets all of them when it restarts', async () => {
    const { server, client, append } = await setUp()
    await append('s', [letter('a', a)], 'any')
    await append('t', [letter('a', a)], 'any')
    expect(await append('s', [letter('a', a)], 'any')).toMatchObject({ nextExpectedRevision: 0n })
    expect(await append('t', [letter('a', a)], 'any')).toMatchObject({ nextExpectedRevision: 1n })
    await append('u', [letter('b', b)], 'any')
    await server.restart()
    // the client notices at its first call only
    await eventually(() => lettersIn(client, 'u'))
    expect(await append('u', [letter('b', b)], 'any')).toMatchObject({ nextExpectedRevision: 1n })
    expect(await lettersIn(client, 'u')).toEqual(['b', 'b'])
  })

  it('answers the retry of a whole write as it answered the write, though the stream moved on', async () => {
    const { client, append } = await setUp()
    const first = await append('s', [letter('a', a), letter('b', b)], 'no_stream')
    await append('s', [letter('c', c)], 1n)
    expect(await append('s', [letter('a', a), letter('b', b)], 'no_stream')).toEqual(first)
    expect(await append('s', [letter('b', b), letter('c', c)], 0n)).toMatchObject({ nextExpectedRevision: 2n })
    expect(await lettersIn(client, 's')).toEqual(['a', 'b', 'c'])
  })

  it('takes a prefix of a write for a retry, and a superset for a conflict', async () => {
    const { append } = await setUp()
    await append('s', [letter('a', a), letter('b', b)], 'no_stream')
    expect(await append('s', [letter('a', a)], 'no_stream')).toMatchObject({ nextExpectedRevision: 0n })
    const conflict = { type: 'wrong-expected-version', expectedVersion: 'no_stream', actualVersion: 1n }
    expect(
      await errorOf(
        append(
          's',
          [a, b, c].map((id) => letter('x', id)),
          'no_stream'
        )
      )
    ).toMatchObject(conflict)
    expect(await errorOf(append('s', [letter('a', a), letter('d', d)], 'no_stream'))).toMatchObject(conflict)
    expect(await errorOf(append('s', [letter('d', d)], 'no_stream'))).toMatchObject(conflict)
  })

  it('refuses no events below the last revision, and takes them at it', async () => {
    const { append } = await setUp()
    await append('s', [letter('a'), letter('b')], 'no_stream')
    expect(await errorOf(append('s', [], 0n))).toMatchObject({ type: 'wrong-expected-version' })
    expect(await append('s', [], 1n)).toMatchObject({ success: true, nextExpectedRevision: 1n })
  })

  it('refuses a revision above the last, and tells the last', async () => {
    const { append } = await setUp()
    await append('s', [letter('a')], 'no_stream')
    expect(await errorOf(append('s', [letter('b')], 2n ** 62n))).toMatchObject({ actualVersion: 0n })
  })

  it('writes at the last revision whatever the ids', async () => {
    const { client, append } = await setUp()
    await append('s', [letter('a', a)], 'no_stream')
    expect(await append('s', [letter('a', a)], 0n)).toMatchObject({ nextExpectedRevision: 1n })
    expect(await lettersIn(client, 's')).toEqual(['a', 'a'])
  })

  it('reports ghosts: a repeat of what a soft delete hid is a success without a position', async () => {
    const { client, append } = await setUp()
    await append('s', [letter('a', a)], 'no_stream')
    await client.deleteStream('s')
    const ghost = await append('s', [letter('a', a)], 'no_stream')
    expect(ghost).toEqual({ success: true, nextExpectedRevision: 0n, position: undefined })
    expect(await errorOf(lettersIn(client, 's'))).toMatchObject({ type: 'stream-not-found', streamName: 's' })
  })

  it('recreates a soft-deleted stream behind its last event; only the exact revision can be retried', async () => {
    const { client, append } = await setUp()
    await append('s', [letter('a'), letter('b')], 'no_stream')
    await client.deleteStream('s')
    const recreated = await append('s', [letter('c', c)], 'no_stream')
    expect(recreated).toMatchObject({ success: true, nextExpectedRevision: 2n })
    expect(await lettersIn(client, 's')).toEqual(['c'])
    expect(await errorOf(append('s', [letter('c', c)], 'no_stream'))).toMatchObject({ actualVersion: 2n })
    expect(await append('s', [letter('c', c)], 1n)).toEqual(recreated)
  })

  it('resolves instead of throwing where the client is told so', async () => {
    const { server } = await setUp()
    const client = clientOf(`${server.url}&throwOnAppendFailure=false`)
    await pathOf(client)('s', [letter('a')], 'no_stream')
    expect(await pathOf(client)('s', [letter('b')], 'no_stream')).toMatchObject({ success: false })
  })
})
