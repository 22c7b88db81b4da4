import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { caughtUp, type Feed, place, positionOf, type Raw, rawStandIn, so, told } from './raw.ts'

const history = { until: caughtUp, quietMs: 50, maxMs: 5000 }

/** So many events, each in an append of its own; their positions. */
const written = async ({ append, event }: Raw, stream: string, count: number): Promise<bigint[]> => {
  const positions: bigint[] = []
  for (let n = 0; n < count; n++) positions.push(positionOf(await append(stream, 'any', [event(randomUUID())])))
  return positions
}

const heard = async (feed: Feed): Promise<ReadonlyArray<string>> => told((await feed.step('history', history)).received)

const wanted = { by: 'stream', prefixes: ['wanted'], max: 32 } as const
const largest = String(2n ** 64n - 1n)

describe('checkpoints of filtered subscriptions', () => {
  it.each([
    ['23.10.6', ['confirmed', 'caught up']],
    ['24.6.0', ['confirmed', `${largest}|${largest}`, 'caught up']],
    ['24.10.4', ['confirmed', `${largest}|${largest}`, 'caught up']],
    ['24.10.5', ['confirmed', '0|0', 'caught up']],
    ['25.0.0', ['confirmed', '0|0', 'caught up']],
    ['25.0.1', ['confirmed', '0|0', 'caught up']]
  ])('%s: a start without a match is %j', async (version, expected) => {
    const raw = await rawStandIn({ version })
    await written(raw, 'other', 3)
    expect(await heard(raw.subscribeToAll('start', wanted))).toEqual(expected)
  })

  it('24.6: who was told 2^64 - 1 is told of no position any more', async () => {
    const raw = await rawStandIn({ version: '24.6.0' })
    await written(raw, 'other', 1)
    const feed = raw.subscribeToAll('start', { ...wanted, max: 5, every: 1 })
    expect(await heard(feed)).toEqual(['confirmed', `${largest}|${largest}`, 'caught up'])
    await written(raw, 'other', 12)
    await written(raw, 'wanted', 1)
    expect(told((await feed.step('live', { until: so(1), quietMs: 50 })).received)).toEqual(['wanted/0'])
  })

  it('23.10: history is told of in pages, and what was counted there counts on', async () => {
    const raw = await rawStandIn({ version: '23.10.6' })
    const [before = 0n, ...others] = await written(raw, 'other', 12)
    const feed = raw.subscribeToAll(place(before), { ...wanted, max: 4, every: 1 })
    const at = (n: number): bigint => others[n] ?? -1n
    // 11 events behind the start: two pages of four at their starts, and three of the last that count on
    expect(await heard(feed)).toEqual(['confirmed', `${at(0)}|0`, `${at(4)}|0`, 'caught up'])
    const [next = 0n] = await written(raw, 'other', 1)
    expect(told((await feed.step('live', { until: so(1) })).received)).toEqual([`${next}|${next}`])
  })

  it('24.6: at the end of history is what was sent last, and the count begins anew', async () => {
    const raw = await rawStandIn({ version: '24.6.0' })
    const [before = 0n] = await written(raw, 'other', 1)
    const [match = 0n] = await written(raw, 'wanted', 1)
    await written(raw, 'other', 2)
    const feed = raw.subscribeToAll(place(before), { ...wanted, max: 4, every: 1 })
    expect(await heard(feed)).toEqual(['confirmed', 'wanted/0', `${match}|${match}`, 'caught up'])
    const live = await written(raw, 'other', 4)
    expect(told((await feed.step('live', { until: so(1) })).received)).toEqual([`${live[3]}|${live[3]}`])
  })
})

describe('where a subscription begins', () => {
  it.each([
    ['23.10.6', ['confirmed', 's/2', 'caught up'], 'behind the event that lies there'],
    ['24.6.0', ['confirmed', 's/1', 's/2', 'caught up'], 'with it']
  ])('%s: from a position with a smaller prepare', async (version, expected) => {
    const raw = await rawStandIn({ version })
    const [, second = 0n] = await written(raw, 's', 3)
    expect(await heard(raw.subscribeToAll(place(second, 0n)))).toEqual(expected)
  })

  it.each([
    ['23.10.6', ['s/1']],
    ['24.6.0', []]
  ])('%s: from far beyond the end it is sent %j of what comes', async (version, expected) => {
    const raw = await rawStandIn({ version })
    const [end = 0n] = await written(raw, 's', 1)
    const feed = raw.subscribeToAll(place(end + 1_000_000n))
    expect(await heard(feed)).toEqual(['confirmed', 'caught up'])
    await written(raw, 's', 1)
    expect(told((await feed.step('live', { quietMs: 200 })).received)).toEqual(expected)
  })

  it.each([
    ['23.10.6', { received: [], ended: { name: 'UNKNOWN' } }],
    ['24.6.0', { received: [{ confirmation: expect.any(String) }], ended: { name: 'INVALID_ARGUMENT' } }]
  ])('%s: from inside a record it ends', async (version, expected) => {
    const raw = await rawStandIn({ version })
    const [first = 0n] = await written(raw, 's', 2)
    const feed = raw.subscribeToAll(place(first + 1n))
    expect(await feed.step('history', { until: () => false })).toMatchObject(expected)
  })
})
