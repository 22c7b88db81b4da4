import assert from 'node:assert/strict'
import { exactly, noStream } from '../../domain/expected-revision.ts'
import type { Case } from './case.ts'
import { event, events } from './events.ts'
import { notWritten, refused, right } from './expectations.ts'

/** Names that no store keeps: what they would be written as, or do to a server, is something else. */
const badNames: ReadonlyArray<unknown> = [
  '',
  '\ud800',
  'x-\udc00',
  'x-\ud83d',
  '$$',
  '$$x',
  '$$$scavenges',
  undefined,
  5
]

const largest = 2n ** 63n

/** Expectations of callers whose types nobody checked. */
const badExpectations: ReadonlyArray<unknown> = [
  undefined,
  null,
  'noStream',
  'any',
  0n,
  {},
  { _tag: 'Any' },
  { _tag: 'Exactly' },
  { _tag: 'Exactly', revision: 0 },
  { _tag: 'Exactly', revision: -1n },
  { _tag: 'Exactly', revision: largest },
  { _tag: 'Exactly', revision: 2n ** 64n - 1n },
  { _tag: 'Exactly', revision: 2n ** 64n }
]

const lone = 'a\ud800b'

/** Events that would come back as others, or are none. */
const badEvents = (): ReadonlyArray<unknown> => [
  { ...event(), id: lone },
  { ...event(), type: lone },
  { ...event(), data: `"${lone}"` },
  { ...event(), metadata: `"${lone}"` },
  { ...event(), type: undefined },
  { ...event(), data: 5 },
  { ...event(), metadata: null },
  {},
  null,
  undefined
]

/** What is refused before anything is written, and told as the caller's mistake. */
export const refusedAppendCases: ReadonlyArray<Case> = [
  [
    'refuses names that cannot be kept, or that do harm, and writes nothing',
    async ({ put, log }) => {
      for (const name of badNames) {
        const error = await notWritten(put(name as string, noStream, events(1)), 'InvalidInput')
        assert.equal(error.path, '$.stream')
      }
      assert.deepEqual(await log(), [])
    }
  ],
  [
    'refuses an expectation that is none, and writes nothing',
    async ({ put, all, stream }) => {
      const s = stream()
      for (const expected of badExpectations) {
        const error = await notWritten(put(s, expected as never, events(1)), 'InvalidInput')
        assert.equal(error.path, '$.expected')
      }
      assert.deepEqual(await all(s), [])
      await right(put(s, noStream, events(1)))
      await right(put(s, exactly(0n), events(1)))
    }
  ],
  [
    'refuses an event that would not come back as it is, and with it the append',
    async ({ put, all, stream }) => {
      const s = stream()
      for (const bad of badEvents()) {
        const error = await notWritten(put(s, noStream, [event(), bad as never]), 'InvalidInput')
        assert.equal(error.path, '$.events')
      }
      assert.deepEqual(await all(s), [])
    }
  ]
]

export const refusedReadCases: ReadonlyArray<Case> = [
  [
    'refuses names that no stream can have',
    async ({ store }) => {
      for (const name of badNames)
        await refused(store.readStream(name as string, 'forwards', 'start', 1), 'InvalidInput')
    }
  ],
  [
    'refuses revisions that no event can have, in both directions',
    async ({ store, put, stream }) => {
      const s = stream()
      await right(put(s, noStream, events(2)))
      for (const from of [largest, 2n ** 64n - 1n, 2n ** 64n]) {
        await refused(store.readStream(s, 'forwards', from, 1), 'InvalidInput')
        await refused(store.readStream(s, 'backwards', from, 1), 'InvalidInput')
      }
      const [last] = await right(store.readStream(s, 'backwards', largest - 1n, 1))
      assert.equal(last?.revision, 1n)
      assert.deepEqual(await right(store.readStream(s, 'forwards', largest - 1n, 1)), [])
    }
  ]
]
