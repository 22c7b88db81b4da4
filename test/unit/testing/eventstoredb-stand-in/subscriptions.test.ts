import {
  type AllStreamSubscription,
  END,
  type EventStoreDBClient,
  eventTypeFilter,
  excludeSystemEvents,
  type Position,
  START,
  type StreamSubscription,
  streamNameFilter
} from '@eventstore/db-client'
import { describe, expect, it } from 'vitest'
import { eventually } from '../../../support/eventually.ts'
import { clientOf, letter, standIn, textOf, unary } from './world.ts'

const setUp = async () => {
  const server = await standIn()
  const client = clientOf(server.url)
  return { server, client, append: unary(client) }
}

/** What a subscription has said so far, in order. */
const heard = (subscription: StreamSubscription | AllStreamSubscription): unknown[] => {
  const said: unknown[] = []
  subscription.on('data', (resolved) => said.push(textOf(resolved)))
  subscription.on('caughtUp', () => said.push('caught up'))
  subscription.on('error', (error: Error & { readonly type?: unknown }) => said.push(error.type))
  return said
}

const says = (said: unknown[], ...expected: unknown[]): Promise<void> =>
  eventually(() => expect(said).toEqual(expected))

describe('subscriptions to a stream', () => {
  it('catch up, say so, and go on', async () => {
    const { client, append } = await setUp()
    await append('s', [letter('a'), letter('b')], 'any')
    await append('t', [letter('x')], 'any')
    const said = heard(client.subscribeToStream('s'))
    await says(said, 'a', 'b', 'caught up')
    await append('s', [letter('c')], 'any')
    await append('t', [letter('y')], 'any')
    await append('s', [letter('d')], 'any')
    await says(said, 'a', 'b', 'caught up', 'c', 'd')
  })

  it('begin behind a revision, or at the end, or before there is a stream', async () => {
    const { client, append } = await setUp()
    const early = heard(client.subscribeToStream('s', { fromRevision: START }))
    await says(early, 'caught up')
    await append('s', [letter('a'), letter('b')], 'any')
    const behind = heard(client.subscribeToStream('s', { fromRevision: 0n }))
    const late = heard(client.subscribeToStream('s', { fromRevision: END }))
    await says(late, 'caught up')
    await append('s', [letter('c')], 'any')
    await says(early, 'caught up', 'a', 'b', 'c')
    await says(behind, 'b', 'caught up', 'c')
    await says(late, 'caught up', 'c')
  })

  it('stay quiet over a soft delete, and end with the tombstone', async () => {
    const { client, append } = await setUp()
    await append('s', [letter('a')], 'any')
    const said = heard(client.subscribeToStream('s'))
    await says(said, 'a', 'caught up')
    await client.deleteStream('s')
    await append('s', [letter('b')], 'no_stream')
    await says(said, 'a', 'caught up', 'b')
    await says(heard(client.subscribeToStream('s')), 'b', 'caught up')
    await client.tombstoneStream('s')
    await says(said, 'a', 'caught up', 'b', '$streamDeleted', 'stream-deleted')
    await says(heard(client.subscribeToStream('s')), 'stream-deleted')
  })
})

describe('subscriptions to the whole log', () => {
  const filtered = (client: EventStoreDBClient, options: Parameters<EventStoreDBClient['subscribeToAll']>[0]) =>
    heard(client.subscribeToAll(options))

  it('filter by prefix and by expression, on stream names and on types', async () => {
    const { client, append } = await setUp()
    await append('one-1', [letter('a')], 'any')
    await append('two-1', [letter('b')], 'any')
    await client.setStreamMetadata('one-1', { maxCount: 5 })
    const caughtUp = 'caught up'
    await says(filtered(client, {}), '$metadata', 'a', 'b', '$metadata', caughtUp)
    await says(filtered(client, { filter: excludeSystemEvents() }), 'a', 'b', caughtUp)
    await says(filtered(client, { filter: streamNameFilter({ prefixes: ['x', 'one-'] }) }), 'a', caughtUp)
    const regex = '^(\\$\\$)?one-'
    await says(filtered(client, { filter: streamNameFilter({ regex }) }), 'a', '$metadata', caughtUp)
    await says(
      filtered(client, { filter: eventTypeFilter({ prefixes: ['$meta'] }) }),
      '$metadata',
      '$metadata',
      caughtUp
    )
    await says(filtered(client, { filter: eventTypeFilter({ regex: 'tt' }) }), 'a', 'b', caughtUp)
  })

  it('tell positions by checkpoints, from which another one goes on behind', async () => {
    const { server, client, append } = await setUp()
    const checkpoints: Position[] = []
    const filter = streamNameFilter({
      prefixes: ['wanted'],
      checkpointInterval: 2,
      maxSearchWindow: 5,
      checkpointReached: async (_subscription, position) => void checkpoints.push(position)
    })
    for (let n = 0; n < 24; n++) await append('other', [letter(String(n))], 'any')
    await append('wanted', [letter('a')], 'any')
    const said = heard(client.subscribeToAll({ filter }))
    await says(said, 'a', 'caught up')
    const positionOf = (index: number): Position => {
      const commit = server.records()[index]?.position ?? -1n
      return { commit, prepare: commit }
    }
    const startOf = (index: number): Position => ({ ...positionOf(index), prepare: 0n })
    // pages of five considered events, of which the first two are the server's own; every second page is told
    expect(checkpoints).toEqual([startOf(3), startOf(13), positionOf(24)])
    await append('wanted', [letter('b')], 'any')
    const fromPosition = checkpoints.at(-1) ?? START
    await says(heard(client.subscribeToAll({ filter, fromPosition })), 'b', 'caught up')
    await says(heard(client.subscribeToAll({ fromPosition: positionOf(23) })), 'a', 'b', 'caught up')
    await says(heard(client.subscribeToAll({ fromPosition: END })), 'caught up')
  })

  it('wait for a slow reader, and lose nothing', async () => {
    const { client, append } = await setUp()
    const text = 'x'.repeat(2000)
    const subscription = client.subscribeToAll({ filter: excludeSystemEvents() })
    subscription.on('error', () => {})
    const reader = subscription[Symbol.asyncIterator]()
    for (let n = 0; n < 20; n++)
      await append(
        's',
        Array.from({ length: 50 }, () => letter(text)),
        'any'
      )
    const revisions: unknown[] = []
    while (revisions.length < 1000) {
      const { value } = await reader.next()
      revisions.push(value?.event?.revision)
    }
    expect(revisions).toEqual(Array.from({ length: 1000 }, (_, n) => BigInt(n)))
    await subscription.unsubscribe()
  })

  it('end on unsubscribe', async () => {
    const { server, client, append } = await setUp()
    const subscription = client.subscribeToAll()
    const said = heard(subscription)
    await says(said, '$metadata', 'caught up')
    const ended = new Promise((resolve) => subscription.once('end', resolve))
    await subscription.unsubscribe()
    await ended
    await append('s', [letter('a')], 'any')
    expect(said).toEqual(['$metadata', 'caught up'])
    expect(server.calls.filter(({ rpc }) => rpc === 'subscribe')).toHaveLength(1)
  })
})
