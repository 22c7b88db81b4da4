import assert from 'node:assert/strict'
import { exactly, noStream } from '../../domain/expected-revision.ts'
import type { Case } from './case.ts'
import { events, idsOf } from './events.ts'
import { refused, right } from './expectations.ts'
import type { World } from './world.ts'

/** Eight events in two streams by turns; their ids in the order of writing. */
const eight = async ({ put, stream }: World): Promise<ReadonlyArray<string>> => {
  const streams = [stream(), stream()]
  const written: Array<string> = []
  for (let n = 0; n < 4; n++) {
    for (const s of streams) {
      const list = events(1)
      await right(put(s, n === 0 ? noStream : exactly(BigInt(n - 1)), list))
      written.push(...idsOf(list))
    }
  }
  return written
}

/** Events that are not of the prefix. */
const foreign = async ({ put, stream }: World, count: number): Promise<void> => {
  for (let left = count; left > 0; left -= 100) {
    await right(put(stream('foreign-idem_'), noStream, events(Math.min(100, left))))
  }
}

export const logCases: ReadonlyArray<Case> = [
  [
    'gives the log in the order of writing, whatever the size of a page',
    async (world) => {
      const written = await eight(world)
      for (const size of [1, 2, 3, 7, 8, 9, 1000]) assert.deepEqual(idsOf(await world.log('start', size)), written)
    }
  ],
  [
    'never gives more than is asked for, and says that it is not at the end while more is to come',
    async (world) => {
      const written = await eight(world)
      for (const size of [1, 3, 7]) {
        const page = await right(world.store.readAll('start', world.prefix, size))
        assert.ok(page.events.length <= size)
        assert.equal(page.atEnd, false)
        assert.deepEqual(idsOf(page.events), written.slice(0, page.events.length))
      }
    }
  ],
  [
    'goes on after any position, exclusive',
    async (world) => {
      const written = await eight(world)
      const log = await world.log()
      for (const [index, { position }] of log.entries()) {
        assert.deepEqual(idsOf(await world.log(position, 3)), written.slice(index + 1))
      }
    }
  ],
  [
    'goes on within an append of several events',
    async ({ put, log, stream }) => {
      const list = events(7)
      await right(put(stream(), noStream, list))
      for (const size of [1, 2, 3]) assert.deepEqual(idsOf(await log('start', size)), idsOf(list))
      for (const [index, { position }] of (await log()).entries()) {
        assert.deepEqual(idsOf(await log(position)), idsOf(list.slice(index + 1)))
      }
    }
  ],
  [
    'says where to read on when there is nothing to read',
    async ({ store, put, log, prefix, stream }) => {
      const empty = await right(store.readAll('start', prefix, 10))
      assert.deepEqual([empty.events, empty.atEnd], [[], true])
      const [first, second] = [events(2), events(2)]
      await right(put(stream(), noStream, first))
      assert.deepEqual(idsOf(await log(empty.next)), idsOf(first))
      const last = (await log()).at(-1)?.position ?? 'start'
      const atEnd = await right(store.readAll(last, prefix, 10))
      assert.deepEqual([atEnd.events, atEnd.atEnd], [[], true])
      await right(put(stream(), noStream, second))
      assert.deepEqual(idsOf(await log(atEnd.next)), idsOf(second))
    }
  ],
  [
    'finds a few events among many of others',
    async (world) => {
      const { put, log, stream } = world
      const [first, second, third] = [events(1), events(2), events(1)]
      await foreign(world, 700)
      await right(put(stream(), noStream, first))
      await foreign(world, 300)
      await right(put(stream(), noStream, second))
      await right(put(stream(), noStream, third))
      await foreign(world, 500)
      const expected = idsOf([...first, ...second, ...third])
      for (const size of [1, 2, 3, 100]) assert.deepEqual(idsOf(await log('start', size)), expected)
      for (const [index, { position }] of (await log()).entries()) {
        assert.deepEqual(idsOf(await log(position, 2)), expected.slice(index + 1))
      }
    }
  ],
  [
    'takes a prefix for what it says, and for no pattern',
    async ({ store, put, log, prefix, stream }) => {
      const mine = events(1)
      for (const other of ['_', '.', '-'].map((mark) => prefix.replace(mark, 'x')))
        await right(put(stream(other), noStream, events(1)))
      for (const other of [prefix.toUpperCase(), prefix.slice(0, -1), `x${prefix}`])
        await right(put(stream(other), noStream, events(1)))
      await right(put(stream(), noStream, mine))
      assert.deepEqual(idsOf(await log()), idsOf(mine))
      const none = await right(store.readAll('start', 'nobody-idem_', 10))
      assert.deepEqual(none.events, [])
    }
  ],
  [
    'gives the same events as their streams',
    async (world) => {
      await eight(world)
      const log = await world.log()
      for (const name of new Set(log.map(({ stream }) => stream))) {
        const read = await world.all(name)
        assert.deepEqual(
          log
            .filter((one) => one.stream === name)
            .map(({ id, revision, type, data, metadata }) => ({ id, revision, type, data, metadata })),
          read.map(({ id, revision, type, data, metadata }) => ({ id, revision, type, data, metadata }))
        )
      }
    }
  ],
  [
    'shows an acknowledged append to every page that is asked for after it, on every connection',
    async ({ store, again, put, prefix, stream }) => {
      const second = await again()
      for (let n = 0; n < 10; n++) {
        const before = await right(second.readAll('start', prefix, 1000))
        const list = events(2)
        await right(put(stream(), noStream, list, n % 2 === 0 ? store : second))
        for (const one of [store, second]) {
          assert.deepEqual(idsOf((await right(one.readAll(before.next, prefix, 1000))).events), idsOf(list))
        }
      }
    }
  ],
  [
    'refuses a position that is none',
    async ({ store, prefix }) => {
      for (const position of ['', 'nowhere', '1.5', '-1', '1e3'])
        await refused(store.readAll(position, prefix, 10), 'InvalidInput')
    }
  ]
]
