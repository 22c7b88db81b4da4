import assert from 'node:assert/strict'
import { type ExpectedRevision, exactly, noStream } from '../../domain/expected-revision.ts'
import type { Case } from './case.ts'
import { events, idsOf } from './events.ts'
import { refused, right } from './expectations.ts'

export const removedCases: ReadonlyArray<Case> = [
  [
    'says of nothing that is there that it was removed',
    async ({ store, again, put, stream }) => {
      const s = stream()
      await right(put(s, noStream, events(3)))
      for (const one of [store, await again()]) {
        for (const revision of [0n, 1n, 2n]) {
          assert.equal(await right(one.isRemoved?.(s, revision) ?? assert.fail('isRemoved')), false)
        }
      }
    }
  ],
  [
    'says nothing once it is disposed of',
    async ({ store, put, stream }) => {
      const s = stream()
      await right(put(s, noStream, events(1)))
      await store.dispose()
      await refused(store.isRemoved?.(s, 0n) ?? assert.fail('isRemoved'), 'StoreUnavailable')
    }
  ]
]

export const currentCases: ReadonlyArray<Case> = [
  [
    'shows all that was acknowledged before, on whichever connection, to reads that it says are current',
    async ({ store, again, put, all, stream }) => {
      const second = await again()
      const s = stream()
      let expected: ExpectedRevision = noStream
      const ids: Array<string> = []
      for (let n = 0; n < 10; n++) {
        const [writer, reader] = n % 2 === 0 ? [store, second] : [second, store]
        const list = events(2)
        const { revision } = await right(put(s, expected, list, writer))
        expected = exactly(revision)
        ids.push(...idsOf(list))
        const before = idsOf(await all(s, reader))
        const from = await right(reader.confirmCurrent?.() ?? assert.fail('confirmCurrent'))
        assert.ok(from === 'always' || from === 'fromNowOn')
        if (from === 'always') assert.deepEqual(before, ids)
        assert.deepEqual(idsOf(await all(s, reader)), ids)
      }
    }
  ],
  [
    'confirms nothing once it is disposed of',
    async ({ store }) => {
      await store.dispose()
      await refused(store.confirmCurrent?.() ?? assert.fail('confirmCurrent'), 'StoreUnavailable')
    }
  ]
]
