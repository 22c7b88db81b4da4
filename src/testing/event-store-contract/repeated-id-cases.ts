import assert from 'node:assert/strict'
import type { ProposedEvent } from '../../application/ports/event-store.ts'
import { exactly, noStream } from '../../domain/expected-revision.ts'
import type { Case } from './case.ts'
import { event, events, idsOf } from './events.ts'
import { conflict, right } from './expectations.ts'
import type { World } from './world.ts'

/** A stream of seven events that were written as two, two and three. */
const written = async ({ put, stream }: World) => {
  const name = stream()
  const [a, b, c] = [events(2), events(2), events(3)]
  await right(put(name, noStream, a))
  await right(put(name, exactly(1n), b))
  await right(put(name, exactly(3n), c))
  return { name, a, b, c, list: [...a, ...b, ...c] }
}

const holds = async ({ all }: World, name: string, list: ReadonlyArray<ProposedEvent>): Promise<void> =>
  assert.deepEqual(idsOf(await all(name)), idsOf(list))

/** The one rule for repeated ids (SPEC section 8; EVENTSTOREDB.md 2.1, rows 4 to 6). */
export const repeatedIdCases: ReadonlyArray<Case> = [
  [
    'takes the same ids at the same numbers as success, with the original revision, though the stream moved on',
    async (world) => {
      const { name, a, b, c, list } = await written(world)
      const { put } = world
      assert.deepEqual(await right(put(name, noStream, a)), { revision: 1n })
      assert.deepEqual(await right(put(name, exactly(1n), b)), { revision: 3n })
      assert.deepEqual(await right(put(name, exactly(3n), c)), { revision: 6n })
      await holds(world, name, list)
    }
  ],
  [
    'takes them so however they were cut into appends at first',
    async (world) => {
      const { name, list } = await written(world)
      assert.deepEqual(await right(world.put(name, noStream, list)), { revision: 6n })
      assert.deepEqual(await right(world.put(name, exactly(0n), list.slice(1, 4))), { revision: 3n })
      await holds(world, name, list)
    }
  ],
  [
    'takes them so from another connection',
    async (world) => {
      const { name, b, list } = await written(world)
      const second = await world.again()
      assert.deepEqual(await right(world.put(name, exactly(1n), b, second)), { revision: 3n })
      await holds(world, name, list)
    }
  ],
  [
    'takes a prefix of what was written as success',
    async (world) => {
      const { name, a, c, list } = await written(world)
      assert.deepEqual(await right(world.put(name, noStream, a.slice(0, 1))), { revision: 0n })
      assert.deepEqual(await right(world.put(name, exactly(3n), c.slice(0, 2))), { revision: 5n })
      await holds(world, name, list)
    }
  ],
  [
    'takes more than was written as a conflict',
    async (world) => {
      const { name, a, c, list } = await written(world)
      await conflict(world.put(name, noStream, [...a, event()]), 6n)
      await conflict(world.put(name, exactly(3n), [...c, event()]), 6n)
      await holds(world, name, list)
    }
  ],
  [
    'takes a mixture, another order or another place as a conflict',
    async (world) => {
      const { name, a, b, list } = await written(world)
      const [first, second] = [a[0] ?? event(), a[1] ?? event()]
      await conflict(world.put(name, noStream, [first, event()]), 6n)
      await conflict(world.put(name, noStream, [event(), second]), 6n)
      await conflict(world.put(name, noStream, [second, first]), 6n)
      await conflict(world.put(name, noStream, b), 6n)
      await conflict(world.put(name, exactly(2n), b), 6n)
      await holds(world, name, list)
    }
  ],
  [
    'takes an expectation above the tail as a conflict, whatever the ids',
    async (world) => {
      const { name, c, list } = await written(world)
      await conflict(world.put(name, exactly(7n), c), 6n)
      await conflict(world.put(name, exactly(9n), events(1)), 6n)
      await holds(world, name, list)
    }
  ],
  [
    'does not look at ids at the tail',
    async (world) => {
      const { name, a, list } = await written(world)
      assert.deepEqual(await right(world.put(name, exactly(6n), a)), { revision: 8n })
      await holds(world, name, [...list, ...a])
      // from now on these are repeated ids, here and there
      assert.deepEqual(await right(world.put(name, exactly(6n), a)), { revision: 8n })
      assert.deepEqual(await right(world.put(name, noStream, a)), { revision: 1n })
      await holds(world, name, [...list, ...a])
    }
  ],
  [
    'keeps what was written first, whatever a repeated append says',
    async (world) => {
      const s = world.stream()
      const one = event({ said: 'first' })
      await right(world.put(s, noStream, [one]))
      await right(world.put(s, noStream, [{ ...one, data: JSON.stringify({ said: 'again' }) }]))
      assert.deepEqual(
        (await world.all(s)).map(({ data }) => data),
        [one.data]
      )
    }
  ]
]
