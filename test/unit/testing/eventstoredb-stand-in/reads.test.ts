import { END, type EventStoreDBClient, START } from '@eventstore/db-client'
import { describe, expect, it } from 'vitest'
import { clientOf, collect, errorOf, letter, lettersIn, standIn, textOf, unary } from './world.ts'

const setUp = async () => {
  const server = await standIn({ now: () => 1_700_000_000_123 })
  const client = clientOf(server.url)
  const append = unary(client)
  await append(
    's',
    ['a', 'b', 'c', 'd'].map((text) => letter(text)),
    'no_stream'
  )
  await append('t', [letter('e')], 'no_stream')
  return { server, client, append }
}

type StreamOptions = Parameters<EventStoreDBClient['readStream']>[1]
type AllOptions = Parameters<EventStoreDBClient['readAll']>[0]

describe('reads of a stream', () => {
  it.each<[StreamOptions, string]>([
    [{}, 'abcd'],
    [{ maxCount: 2 }, 'ab'],
    [{ fromRevision: 2n }, 'cd'],
    [{ fromRevision: 9n }, ''],
    [{ direction: 'backwards', fromRevision: END }, 'dcba'],
    [{ direction: 'backwards', fromRevision: END, maxCount: 1 }, 'd'],
    [{ direction: 'backwards', fromRevision: 1n }, 'ba'],
    [{ direction: 'backwards', fromRevision: 9n }, 'dcba'],
    [{ direction: 'backwards', fromRevision: START }, 'a']
  ])('%o', async (options, expected) => {
    const { client } = await setUp()
    expect((await collect(client.readStream('s', options))).map(textOf).join('')).toBe(expected)
  })

  it('give back all of an event', async () => {
    const { server, client } = await setUp()
    const { position, id } = server.records()[4] ?? {}
    const [read] = await collect(client.readStream('t'))
    expect(read?.event).toMatchObject({
      streamId: 't',
      id,
      revision: 0n,
      type: 'letter',
      isJson: true,
      data: { text: 'e' },
      created: new Date(1_700_000_000_123),
      position: { commit: position, prepare: position }
    })
  })

  it('tell a missing stream', async () => {
    const { client } = await setUp()
    expect(await errorOf(lettersIn(client, 'u'))).toMatchObject({ type: 'stream-not-found', streamName: 'u' })
  })
})

describe('reads of the whole log', () => {
  it.each<[AllOptions, string]>([
    [{}, '$metadataabcde'],
    [{ maxCount: 3 }, '$metadataab'],
    [{ fromPosition: END }, ''],
    [{ direction: 'backwards', fromPosition: END }, 'edcba$metadata'],
    [{ direction: 'backwards', fromPosition: START }, '']
  ])('%o', async (options, expected) => {
    const { client } = await setUp()
    expect((await collect(client.readAll(options))).map(textOf).join('')).toBe(expected)
  })

  it('begin at a position, and backwards before it', async () => {
    const { server, client } = await setUp()
    const commit = server.records()[2]?.position ?? 0n
    const fromPosition = { commit, prepare: commit }
    expect((await collect(client.readAll({ fromPosition }))).map(textOf).join('')).toBe('cde')
    const back = client.readAll({ fromPosition, direction: 'backwards' })
    expect((await collect(back)).map(textOf).join('')).toBe('ba$metadata')
  })

  it('are written no faster than they are taken', async () => {
    const { server, client, append } = await setUp()
    const text = 'x'.repeat(1000)
    for (let batch = 0; batch < 10; batch++) {
      await append(
        'long',
        Array.from({ length: 200 }, () => letter(text)),
        'any'
      )
    }
    let served = 0
    server.faults.always(() => ({ when: { events: ++served }, do: { delayMs: 0 } }))
    expect(await collect(client.readStream('long'))).toHaveLength(2000)
  })
})
