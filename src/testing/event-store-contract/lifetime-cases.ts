import assert from 'node:assert/strict'
import * as E from 'fp-ts/Either'
import { exactly, noStream } from '../../domain/expected-revision.ts'
import type { Case } from './case.ts'
import { events, idsOf } from './events.ts'
import { answerOf, conflict, notWritten, refused, right, soon } from './expectations.ts'

export const lifetimeCases: ReadonlyArray<Case> = [
  [
    'shows the same to a second connection, which outlives the first',
    async ({ store, again, put, all, stream }) => {
      const second = await again()
      const s = stream()
      const [first, next] = [events(2), events(1)]
      await right(put(s, noStream, first))
      assert.deepEqual(await all(s, second), await all(s))
      await conflict(put(s, noStream, events(1), second), 1n)
      await soon(store.dispose(), 'the end of the first store')
      assert.deepEqual(await right(put(s, exactly(1n), next, second)), { revision: 2n })
      assert.deepEqual(idsOf(await all(s, second)), idsOf([...first, ...next]))
    }
  ],
  [
    'answers everything after its end, with a failure',
    async ({ store, put, prefix, stream }) => {
      await right(put(stream(), noStream, events(1)))
      await soon(store.dispose(), 'the end of the store')
      await notWritten(put(stream(), noStream, events(1)), 'StoreUnavailable')
      await refused(store.readStream(stream(), 'forwards', 'start', 1), 'StoreUnavailable')
      await refused(store.readStream(stream(), 'backwards', 'end', 1), 'StoreUnavailable')
      await refused(store.readAll('start', prefix, 1), 'StoreUnavailable')
    }
  ],
  [
    'may be ended several times, at once and again',
    async ({ store }) => {
      await soon(Promise.all([store.dispose(), store.dispose()]), 'the end of the store')
      await soon(store.dispose(), 'the end of the store')
    }
  ],
  [
    'answers what was under way when it was ended, and answers truly',
    async ({ store, again, put, all, stream }) => {
      const second = await again()
      const wanted = Array.from({ length: 40 }, () => ({ name: stream(), list: events(2) }))
      const [answers, , late] = await Promise.all([
        Promise.all(wanted.map(({ name, list }) => answerOf(put(name, noStream, list)))),
        soon(store.dispose(), 'the end of the store'),
        answerOf(put(stream(), noStream, events(1)))
      ])
      for (const [index, { name, list }] of wanted.entries()) {
        const answer = answers[index]
        const there = idsOf(await all(name, second))
        if (answer === undefined || E.isRight(answer)) assert.deepEqual(there, idsOf(list))
        else if (answer.left._tag === 'NotWritten') assert.deepEqual(there, [])
        else assert.ok(answer.left._tag === 'OutcomeUnknown' && (there.length === 0 || there.length === 2))
      }
      await notWritten(async () => late, 'StoreUnavailable')
    }
  ]
]
