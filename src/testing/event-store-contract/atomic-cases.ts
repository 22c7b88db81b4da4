import assert from 'node:assert/strict'
import * as E from 'fp-ts/Either'
import type { Append, AppendAtomically, EventStore } from '../../application/ports/event-store.ts'
import { type ExpectedRevision, exactly, noStream } from '../../domain/expected-revision.ts'
import type { Case } from './case.ts'
import { events, idsOf } from './events.ts'
import { answerOf, notWritten, right, soon } from './expectations.ts'

const atomically = (store: EventStore): AppendAtomically => {
  const { appendAtomically } = store
  return appendAtomically ?? assert.fail('the store has no appendAtomically')
}

const to = (stream: string, expected: ExpectedRevision = noStream, count = 2): Append => ({
  stream,
  expected,
  events: events(count)
})

/** For stores that append to several streams in one transaction. */
export const atomicCases: ReadonlyArray<Case> = [
  [
    'writes all of its appends, in their order',
    async ({ store, log, stream }) => {
      const s = stream()
      const appends = [to(s), to(stream()), to(s, exactly(1n)), ...Array.from({ length: 300 }, () => to(stream()))]
      await right(atomically(store)(appends))
      assert.deepEqual(idsOf(await log()), idsOf(appends.flatMap((append) => append.events)))
      await right(atomically(store)([]))
    }
  ],
  [
    'writes none where one of them fails, and tells which',
    async ({ store, put, log, stream }) => {
      const taken = stream()
      const before = events(2)
      await right(put(taken, noStream, before))
      const failed = await answerOf(atomically(store)([to(stream()), to(stream()), to(taken), to(stream())]))
      assert.deepEqual(failed, E.left({ _tag: 'WrongExpectedRevision', actual: 1n, index: 2 }))
      const empty = await answerOf(atomically(store)([to(stream()), { ...to(stream()), events: [] }]))
      assert.ok(E.isLeft(empty) && empty.left._tag === 'NotWritten' && empty.left.index === 1)
      assert.equal(empty.left.error._tag, 'InvalidInput')
      assert.deepEqual(idsOf(await log()), idsOf(before))
      // the revisions that were given back are to be had again
      assert.deepEqual(await right(put(taken, exactly(1n), events(1))), { revision: 2n })
    }
  ],
  [
    'judges repeated ids as one append does',
    async ({ store, log, stream }) => {
      const appends = [to(stream()), to(stream())]
      await right(atomically(store)(appends))
      await right(atomically(store)([...appends, ...appends]))
      assert.deepEqual(idsOf(await log()), idsOf(appends.flatMap((append) => append.events)))
    }
  ],
  [
    'shows nothing to anybody before all of it is written',
    async ({ store, again, all, log, prefix, stream }) => {
      const second = await again()
      const s = stream()
      async function* slowly(): AsyncGenerator<Append> {
        yield to(s)
        for (const one of [store, second]) {
          assert.deepEqual(await all(s, one), [])
          assert.deepEqual((await right(one.readAll('start', prefix, 10))).events, [])
        }
        yield to(s, exactly(1n))
      }
      await right(atomically(store)(slowly()))
      assert.equal((await log()).length, 4)
      assert.equal((await all(s, second)).length, 4)
    }
  ],
  [
    'writes none where its appends break off, and lets others write then',
    async ({ store, put, log, stream }) => {
      async function* broken(): AsyncGenerator<Append> {
        yield to(stream())
        throw new Error('the source ran dry')
      }
      await notWritten(atomically(store)(broken()), 'Aborted')
      assert.deepEqual(await log(), [])
      await right(put(stream(), noStream, events(1)))
    }
  ],
  [
    'does not outlive its store, though its next append never comes',
    async ({ again, log, stream }) => {
      const second = await again()
      let asked = (): void => {}
      const waiting = new Promise<void>((resolve) => {
        asked = resolve
      })
      async function* stuck(): AsyncGenerator<Append> {
        yield to(stream())
        asked()
        await new Promise(() => {})
      }
      await Promise.all([
        notWritten(atomically(second)(stuck()), 'StoreUnavailable'),
        soon(waiting, 'the store to ask for the next append').then(() => answerOf(second.dispose))
      ])
      assert.deepEqual(await log(), [])
      await notWritten(atomically(second)([to(stream())]), 'StoreUnavailable')
    }
  ]
]
