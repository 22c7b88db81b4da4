import { describe, expect, it } from 'vitest'
import { type From, place, positionOf, rawStandIn, told } from './raw.ts'

const setUp = async () => {
  const raw = await rawStandIn({ version: '24.6.0' })
  const positions: bigint[] = []
  for (let n = 0; n < 3; n++) positions.push(positionOf(await raw.append('s', 'any', [raw.event(`e${n}`)])))
  const [first = 0n, second = 0n, third = 0n] = positions
  return { raw, first, second, third, end: third + (second - first) }
}

type Places = Awaited<ReturnType<typeof setUp>>

const shown = async ({ raw }: Places, from: From, backwards: boolean): Promise<unknown> => {
  const { received = [], ended } = await raw.readAll({ from, backwards, count: 10 })
  return ended?.name === 'OK' ? told(received).filter((each) => each.startsWith('s/')) : ended?.name
}

const all = ['s/0', 's/1', 's/2']

describe('positions of the log', () => {
  it.each<[string, (places: Places) => From, unknown, unknown]>([
    ['the start', () => 'start', all, []],
    ['0/0', () => place(0n), all, []],
    ['the first event that there is', () => place(548n), all, []],
    ['an event', ({ second }) => place(second), ['s/1', 's/2'], ['s/0']],
    ['an event, with prepare 0', ({ second }) => place(second, 0n), ['s/1', 's/2'], []],
    ['inside a record', ({ second }) => place(second + 1n), 'UNKNOWN', 'UNKNOWN'],
    ['inside the last record', ({ third }) => place(third + 1n), [], 'UNKNOWN'],
    ['the end of the log', ({ end }) => place(end), [], all.toReversed()],
    ['beyond the end', ({ end }) => place(end + 1n), [], 'UNKNOWN'],
    ['prepare above commit', ({ second }) => place(second, second + 1n), 'UNKNOWN', 'UNKNOWN'],
    ['2^63', () => place(2n ** 63n), 'UNKNOWN', 'UNKNOWN'],
    ['2^64 - 1', () => place(2n ** 64n - 1n), [], all.toReversed()],
    ['2^64 - 1 with prepare 0', () => place(2n ** 64n - 1n, 0n), 'UNKNOWN', 'UNKNOWN'],
    ['1/0', () => place(1n, 0n), 'UNKNOWN', 'UNKNOWN']
  ])('%s', async (_, from, forwards, backwards) => {
    const places = await setUp()
    expect(await shown(places, from(places), false)).toEqual(forwards)
    expect(await shown(places, from(places), true)).toEqual(backwards)
  })

  it('are bytes of a log as a server has it', async () => {
    const { raw, first, second } = await setUp()
    const { received } = await raw.readAll({ from: 'start', count: 1 })
    expect(received).toMatchObject([{ event: { stream: '$$$scavenges', position: place(548n) } }])
    const size = 88 + 's'.length + 'happened'.length + 2 + '{"of":"e0"}'.length
    expect(second - first).toBe(BigInt(size))
  })
})

describe('revisions to read from', () => {
  it.each<[string, boolean, unknown]>([
    ['the end', false, 'UNKNOWN'],
    ['the end', true, 'OK'],
    ['2^63', false, 'UNKNOWN'],
    ['2^63', true, 'UNKNOWN']
  ])('%s, backwards %s: %s, whatever the stream', async (from, backwards, expected) => {
    const { raw } = await setUp()
    await raw.remove('tombstone', 'gone', 'noStream')
    for (const stream of ['s', 'none']) {
      const answer = await raw.readStream(stream, { from: from === 'the end' ? 'end' : 2n ** 63n, backwards, count: 9 })
      expect(answer.ended?.name).toBe(expected)
    }
    const gone = await raw.readStream('gone', { from: from === 'the end' ? 'end' : 2n ** 63n, backwards, count: 9 })
    expect(gone.ended?.name).toBe(expected === 'OK' ? 'FAILED_PRECONDITION' : 'UNKNOWN')
  })

  it('are told of to those who ask for more: the last, and the first before an empty page', async () => {
    const { raw } = await setUp()
    const { received } = await raw.readStream('s', { from: 9n, count: 9, control: 1 })
    expect(received).toEqual([{ firstStreamPosition: '3' }, { lastStreamPosition: '2' }])
  })
})
