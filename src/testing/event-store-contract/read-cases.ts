import assert from 'node:assert/strict'
import { noStream } from '../../domain/expected-revision.ts'
import type { Case } from './case.ts'
import { events, idsOf } from './events.ts'
import { right } from './expectations.ts'
import type { World } from './world.ts'

const five = async ({ put, store, stream }: World) => {
  const name = stream()
  const list = events(5)
  await right(put(name, noStream, list))
  const ids = idsOf(list)
  const read = async (direction: 'forwards' | 'backwards', from: bigint | 'start' | 'end', count: number) =>
    idsOf(await right(store.readStream(name, direction, from, count)))
  return { ids, upwards: [...ids], downwards: [...ids].reverse(), read }
}

export const readCases: ReadonlyArray<Case> = [
  [
    'reads a stream forwards from any revision, that one included',
    async (world) => {
      const { ids, read } = await five(world)
      assert.deepEqual(await read('forwards', 'start', 2), ids.slice(0, 2))
      for (const from of [0, 1, 2, 3, 4]) {
        for (const count of [1, 2, 5]) {
          assert.deepEqual(await read('forwards', BigInt(from), count), ids.slice(from, from + count))
        }
      }
    }
  ],
  [
    'reads a stream backwards from any revision, that one included',
    async (world) => {
      const { ids, downwards, read } = await five(world)
      assert.deepEqual(await read('backwards', 'end', 2), downwards.slice(0, 2))
      for (const from of [0, 1, 2, 3, 4]) {
        for (const count of [1, 2, 5]) {
          const expected = ids.slice(Math.max(0, from + 1 - count), from + 1).reverse()
          assert.deepEqual(await read('backwards', BigInt(from), count), expected)
        }
      }
    }
  ],
  [
    'reads what there is where more is asked for, and nothing where nothing is',
    async (world) => {
      const { upwards, downwards, read } = await five(world)
      assert.deepEqual(await read('forwards', 'start', 1_000_000), upwards)
      assert.deepEqual(await read('backwards', 'end', 1_000_000), downwards)
      for (const direction of ['forwards', 'backwards'] as const) assert.deepEqual(await read(direction, 2n, 0), [])
    }
  ],
  [
    'begins at the far end where it is told to',
    async (world) => {
      const { ids, read } = await five(world)
      assert.deepEqual(await read('forwards', 'end', 10), [])
      assert.deepEqual(await read('backwards', 'start', 10), ids.slice(0, 1))
    }
  ],
  [
    'finds nothing beyond the end, and from there backwards the end',
    async (world) => {
      const { downwards, read } = await five(world)
      for (const beyond of [5n, 6n, 1000n, 2n ** 53n + 1n]) {
        assert.deepEqual(await read('forwards', beyond, 10), [])
        assert.deepEqual(await read('backwards', beyond, 2), downwards.slice(0, 2))
      }
    }
  ],
  [
    'finds no events in a stream that does not exist',
    async ({ store, put, stream }) => {
      await right(put(stream(), noStream, events(2)))
      for (const direction of ['forwards', 'backwards'] as const) {
        for (const from of ['start', 'end', 0n, 7n] as const) {
          assert.deepEqual(await right(store.readStream(stream(), direction, from, 10)), [])
        }
      }
    }
  ],
  [
    'gives every event its envelope',
    async ({ store, put, all, stream }) => {
      const s = stream()
      await right(put(s, noStream, events(3)))
      const read = await all(s)
      assert.deepEqual(
        read.map(({ revision }) => revision),
        [0n, 1n, 2n]
      )
      for (const one of read) {
        assert.equal(one.stream, s)
        assert.ok(Number.isSafeInteger(one.recordedAtMs))
        assert.ok(typeof one.position === 'string' && one.position !== '')
      }
      const [last] = await right(store.readStream(s, 'backwards', 'end', 1))
      assert.deepEqual(last, read[2])
    }
  ],
  [
    'shows an acknowledged append to every read that begins after it, on every connection',
    async ({ store, again, put, stream }) => {
      const second = await again()
      for (let n = 0; n < 20; n++) {
        const s = stream()
        const list = events(2)
        const [writer, reader] = n % 2 === 0 ? [store, second] : [second, store]
        await right(put(s, noStream, list, writer))
        for (const one of [writer, reader]) {
          const [last] = await right(one.readStream(s, 'backwards', 'end', 1))
          assert.equal(last?.id, list[1]?.id)
        }
      }
    }
  ]
]
