import assert from 'node:assert/strict'
import { exactly, noStream } from '../../domain/expected-revision.ts'
import type { Case } from './case.ts'
import { event, events, idsOf } from './events.ts'
import { conflict, notWritten, right } from './expectations.ts'

/** Appends are judged by the revision that they expect (EVENTSTOREDB.md 2.1, rows 0, 5 and 6). */
export const expectedRevisionCases: ReadonlyArray<Case> = [
  [
    'writes a new stream, and gives the revision of its last event',
    async ({ put, all, stream }) => {
      const s = stream()
      const [first, second] = [events(3), events(2)]
      assert.deepEqual(await right(put(s, noStream, first)), { revision: 2n })
      assert.deepEqual(await right(put(s, exactly(2n), second)), { revision: 4n })
      assert.deepEqual(idsOf(await all(s)), idsOf([...first, ...second]))
    }
  ],
  [
    'demands “no stream” also of a writer that read it before another wrote',
    async ({ put, all, stream }) => {
      const s = stream()
      assert.deepEqual(await all(s), [])
      await right(put(s, noStream, events(2)))
      await conflict(put(s, noStream, events(1)), 1n)
    }
  ],
  [
    'reports the actual revision below the tail, above it, and where there is no stream',
    async ({ put, stream }) => {
      const s = stream()
      await conflict(put(s, exactly(0n), events(1)), 'noStream')
      await conflict(put(s, exactly(5n), events(1)), 'noStream')
      await right(put(s, noStream, events(3)))
      await conflict(put(s, exactly(0n), events(1)), 2n)
      await conflict(put(s, exactly(1n), events(1)), 2n)
      await conflict(put(s, exactly(3n), events(1)), 2n)
      await conflict(put(s, exactly(2n ** 53n + 1n), events(1)), 2n)
    }
  ],
  [
    'writes all events of an append, or none of them',
    async ({ put, all, log, stream }) => {
      const s = stream()
      const list = events(50)
      await right(put(s, noStream, list))
      await conflict(put(s, noStream, events(50)), 49n)
      await conflict(put(s, exactly(48n), events(50)), 49n)
      await conflict(put(s, exactly(50n), events(50)), 49n)
      assert.deepEqual(idsOf(await all(s)), idsOf(list))
      assert.deepEqual(idsOf(await log()), idsOf(list))
    }
  ],
  [
    'refuses an append without events',
    async ({ put, all, stream }) => {
      const s = stream()
      await notWritten(put(s, noStream, []), 'InvalidInput')
      assert.deepEqual(await all(s), [])
      await right(put(s, noStream, events(1)))
      await notWritten(put(s, exactly(0n), []), 'InvalidInput')
    }
  ],
  [
    'knows streams by their whole names',
    async ({ put, all, stream }) => {
      const s = stream()
      const names = [s, `${s}0`, s.slice(0, -1), s.toUpperCase(), s.replace('_', '%'), s.replace('.', '_')]
      for (const name of names) assert.deepEqual(await right(put(name, noStream, events(1))), { revision: 0n })
      for (const name of names) {
        const [only, ...more] = await all(name)
        assert.deepEqual([only?.stream, more], [name, []])
      }
    }
  ],
  [
    'takes the same id in two streams for two events',
    async ({ put, all, stream }) => {
      const [a, b] = [stream(), stream()]
      const one = event()
      assert.deepEqual(await right(put(a, noStream, [one])), { revision: 0n })
      assert.deepEqual(await right(put(b, noStream, [one])), { revision: 0n })
      assert.deepEqual(await right(put(b, exactly(0n), events(1))), { revision: 1n })
      for (const s of [a, b]) assert.equal((await all(s))[0]?.id, one.id)
    }
  ]
]
