import assert from 'node:assert/strict'
import { noStream } from '../../domain/expected-revision.ts'
import type { Case } from './case.ts'
import { event, events, idsOf } from './events.ts'
import { notWritten, right } from './expectations.ts'

const kibibyte = 1024

/** About as much as the store takes in one append; a lot where it has no limit. */
const muchOf = (maxAppendBytes = 4 * kibibyte * kibibyte): number => maxAppendBytes - 8 * kibibyte

export const textCases: ReadonlyArray<Case> = [
  [
    'gives texts back as they were',
    async ({ put, all, stream }) => {
      const s = stream()
      const odd = {
        '2': 1,
        '10': 2,
        a: '\u0000\u0085\ufeff\uffff😀"\\\u2028',
        lone: '\ud800',
        ['__proto__']: null,
        n: [1e21, 0.1, 5e-324, -0, 2 ** 53],
        deep: [[[[[[[[{}]]]]]]]]
      }
      const list = [{ ...event(odd), metadata: JSON.stringify({ ...odd, a: 'ÄÖ\u0301' }) }, event(null), event('')]
      await right(put(s, noStream, list))
      assert.deepEqual(
        (await all(s)).map(({ id, type, data, metadata }) => ({ id, type, data, metadata })),
        list
      )
    }
  ],
  [
    'takes events that are big, in bytes beyond ASCII too',
    async ({ store, put, all, stream }) => {
      const much = muchOf(store.maxAppendBytes)
      for (const text of ['x'.repeat(much), '€'.repeat(Math.floor(much / 3)), '\\"'.repeat(Math.floor(much / 4))]) {
        const s = stream()
        const one = event({ text })
        await right(put(s, noStream, [one]))
        assert.equal((await all(s))[0]?.data === one.data, true, 'the data came back as it was')
      }
    }
  ],
  [
    'takes many events in one append',
    async ({ put, all, stream }) => {
      const s = stream()
      const list = events(1000)
      assert.deepEqual(await right(put(s, noStream, list)), { revision: 999n })
      assert.deepEqual(idsOf(await all(s)), idsOf(list))
    }
  ]
]

/** For stores that limit what one append may hold. */
export const limitCases: ReadonlyArray<Case> = [
  [
    'refuses an append over its limit, whole, and says by how much',
    async ({ store, put, all, stream }) => {
      const { maxAppendBytes: limit = 0 } = store
      const half = { text: 'x'.repeat(limit / 2) }
      for (const list of [[event({ text: 'x'.repeat(limit) })], [event(half), event(half)]]) {
        const s = stream()
        const error = await notWritten(put(s, noStream, list), 'LimitExceeded')
        if (error._tag !== 'LimitExceeded') assert.fail(error._tag)
        assert.equal(error.limit, limit)
        assert.ok((error.size ?? 0) > limit)
        assert.deepEqual(await all(s), [])
      }
    }
  ]
]
