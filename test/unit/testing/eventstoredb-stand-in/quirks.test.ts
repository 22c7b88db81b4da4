import { type Position, streamNameFilter } from '@eventstore/db-client'
import { describe, expect, it } from 'vitest'
import type { Quirks } from '../../../../src/testing/eventstoredb.ts'
import { eventually } from '../../../support/eventually.ts'
import { clientOf, letter, standIn, textOf, unary } from './world.ts'

const setUp = async (quirks: Quirks) => {
  const server = await standIn({ quirks })
  const client = clientOf(server.url)
  return { server, client, append: unary(client) }
}

describe('quirks of servers', () => {
  it('before 23.10 nobody says that a subscription has caught up', async () => {
    const { client, append } = await setUp({ silentWhenCaughtUp: true })
    await append('s', [letter('a')], 'any')
    const said: Array<unknown> = []
    const subscription = client.subscribeToStream('s')
    subscription.on('data', (resolved) => said.push(textOf(resolved)))
    subscription.on('caughtUp', () => said.push('caught up'))
    await eventually(() => expect(said).toEqual(['a']))
    await append('s', [letter('b')], 'any')
    await eventually(() => expect(said).toEqual(['a', 'b']))
  })

  it('up to 23.10 a live subscription ends whose consumer lags; one that catches up does not', async () => {
    const { server, client, append } = await setUp({ endsLaggingBy: 50 })
    const text = 'x'.repeat(2000)
    const many = (count: number) =>
      append(
        's',
        Array.from({ length: count }, () => letter(text)),
        'any'
      )
    await many(200)
    const subscription = client.subscribeToStream('s')
    const ended = new Promise((resolve) => subscription.once('error', resolve))
    const reader = subscription[Symbol.asyncIterator]()
    for (let n = 0; n < 200; n++) await reader.next()
    await eventually(() => expect(server.openStreams()).toMatchObject([{ events: 200 }]))
    for (let n = 0; n < 20; n++) await many(25)
    const drain = async (): Promise<void> => {
      for (;;) await reader.next()
    }
    drain().catch(() => {})
    expect(await ended).toMatchObject({
      type: 'timeout',
      message: expect.stringContaining('Consumer too slow to handle event while live')
    })
  })

  it('24.10.4 and 25.0.0 tell the end of the log with prepare position 0; only both parts lead on from there', async () => {
    const { server, client, append } = await setUp({ splitsCheckpoints: true })
    await append('other', [letter('a')], 'any')
    const checkpoints: Array<Position> = []
    const filter = streamNameFilter({
      prefixes: ['wanted'],
      checkpointReached: async (_, position) => void checkpoints.push(position)
    })
    client.subscribeToAll({ filter }).on('error', () => {})
    await eventually(() => expect(checkpoints).toHaveLength(1))
    const [{ commit, prepare } = { commit: 0n, prepare: 1n }] = checkpoints
    expect(prepare).toBe(0n)
    await append('wanted', [letter('b')], 'any')
    expect(server.records().at(-1)?.position).toBe(commit)
    const heardFrom = (fromPosition: Position): Array<unknown> => {
      const heard: Array<unknown> = []
      const subscription = client.subscribeToAll({ filter, fromPosition })
      subscription.on('data', (resolved) => heard.push(textOf(resolved)))
      subscription.on('caughtUp', () => heard.push('caught up'))
      return heard
    }
    const [both, commitOnly] = [heardFrom({ commit, prepare: 0n }), heardFrom({ commit, prepare: commit })]
    await eventually(() => expect([both, commitOnly]).toEqual([['b', 'caught up'], ['caught up']]))
  })
})
