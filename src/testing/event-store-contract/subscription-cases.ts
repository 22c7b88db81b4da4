import assert from 'node:assert/strict'
import { exactly, noStream } from '../../domain/expected-revision.ts'
import type { Case } from './case.ts'
import { events, idsOf } from './events.ts'
import { right } from './expectations.ts'
import { follow } from './follow.ts'

/** What a subscription delivers. */
export const subscriptionCases: ReadonlyArray<Case> = [
  [
    'delivers what is there, says so once, then what comes',
    async ({ store, put, prefix, stream }) => {
      const s = stream()
      const [old, live] = [events(600), events(3)]
      await right(put(s, noStream, old))
      const followed = follow(store, { after: 'start', streamPrefix: prefix })
      await followed.caughtUp()
      assert.deepEqual(followed.seen, idsOf(old))
      for (const [n, one] of live.entries()) {
        await right(put(s, exactly(BigInt(599 + n)), [one]))
        await followed.events(601 + n)
      }
      assert.deepEqual(followed.seen, idsOf([...old, ...live]))
      assert.deepEqual(followed.caughtUpAfter, [600])
      await followed.leave()
    }
  ],
  [
    'has caught up at once where there is nothing',
    async ({ store, put, prefix, stream }) => {
      const followed = follow(store, { after: 'start', streamPrefix: prefix })
      await followed.caughtUp()
      const list = events(2)
      await right(put(stream(), noStream, list))
      await followed.events(2)
      assert.deepEqual([followed.seen, followed.caughtUpAfter], [idsOf(list), [0]])
      await followed.leave()
    }
  ],
  [
    'gives events as the log does',
    async ({ store, put, log, prefix, stream }) => {
      await right(put(stream(), noStream, events(3)))
      const followed = follow(store, { after: 'start', streamPrefix: prefix })
      const delivered: Array<unknown> = []
      while (delivered.length < 3) {
        const message = await followed.next()
        if (message?._tag === 'Event') delivered.push(message.event)
      }
      assert.deepEqual(delivered, await log())
      await followed.leave()
    }
  ],
  [
    'goes on after any position, exclusive',
    async ({ store, put, log, prefix, stream }) => {
      const list = events(5)
      await right(put(stream(), noStream, list.slice(0, 3)))
      await right(put(stream(), noStream, list.slice(3)))
      for (const [index, { position }] of (await log()).entries()) {
        const followed = follow(store, { after: position, streamPrefix: prefix })
        await followed.caughtUp()
        assert.deepEqual(followed.seen, idsOf(list.slice(index + 1)))
        await followed.leave()
      }
    }
  ],
  [
    'goes on from where it was told that it is, and loses nothing and repeats nothing',
    async ({ store, put, prefix, stream }) => {
      const seen: Array<string> = []
      const written: Array<string> = []
      let after = 'start'
      for (let n = 0; n < 4; n++) {
        const list = events(n === 2 ? 300 : 3)
        await right(put(stream('foreign-idem_'), noStream, events(40)))
        await right(put(stream(), noStream, list))
        await right(put(stream('foreign-idem_'), noStream, events(40)))
        written.push(...idsOf(list))
        const followed = follow(store, { after, streamPrefix: prefix })
        await followed.caughtUp()
        seen.push(...followed.seen)
        after = followed.position()
        await followed.leave()
      }
      assert.deepEqual(seen, written)
    }
  ],
  [
    'delivers what another connection writes',
    async ({ store, again, put, prefix, stream }) => {
      const second = await again()
      const followed = follow(store, { after: 'start', streamPrefix: prefix })
      await followed.caughtUp()
      const [theirs, ours] = [events(2), events(2)]
      await right(put(stream(), noStream, theirs, second))
      await followed.events(2)
      await right(put(stream(), noStream, ours))
      await followed.events(4)
      assert.deepEqual(followed.seen, idsOf([...theirs, ...ours]))
      await followed.leave()
    }
  ],
  [
    'delivers streams of its prefix only, old and new',
    async ({ store, put, prefix, stream }) => {
      const [old, live] = [events(2), events(2)]
      const others = [prefix.replace('_', 'x'), prefix.replace('.', 'x'), prefix.toUpperCase(), `x${prefix}`]
      const noise = async (): Promise<void> => {
        for (const other of others) await right(put(stream(other), noStream, events(20)))
      }
      await noise()
      await right(put(stream(), noStream, old))
      await noise()
      const followed = follow(store, { after: 'start', streamPrefix: prefix })
      await followed.caughtUp()
      await noise()
      await right(put(stream(), noStream, live))
      await followed.events(4)
      assert.deepEqual(followed.seen, idsOf([...old, ...live]))
      await followed.leave()
    }
  ],
  [
    'delivers in the order of the log, each once, while others write',
    async ({ store, again, put, log, prefix, stream }) => {
      const second = await again()
      await right(put(stream(), noStream, events(300)))
      const followed = follow(store, { after: 'start', streamPrefix: prefix })
      const writers = [store, second].map(async (one) => {
        for (let n = 0; n < 25; n++) await right(put(stream(), noStream, events(2), one))
      })
      await Promise.all([followed.events(400), ...writers])
      assert.deepEqual(followed.seen, idsOf(await log()))
      await followed.leave()
    }
  ],
  [
    'waits for a slow consumer, and loses nothing meanwhile',
    async ({ store, again, put, prefix, stream }) => {
      const second = await again()
      const text = 'x'.repeat(1000)
      const lists = Array.from({ length: 12 }, () => events(60).map((one) => ({ ...one, data: JSON.stringify(text) })))
      const slow = follow(store, { after: 'start', streamPrefix: prefix })
      await slow.caughtUp()
      for (const [n, list] of lists.entries()) {
        await right(put(stream(), noStream, list, n % 2 === 0 ? store : second))
        // one message for every sixty that are written
        await slow.next()
      }
      await slow.events(720)
      assert.deepEqual(slow.seen, idsOf(lists.flat()))
      assert.deepEqual(slow.caughtUpAfter, [0])
      await slow.leave()
    }
  ],
  [
    'serves two at once, each at its own pace',
    async ({ store, put, prefix, stream }) => {
      const [first, second] = [events(3), events(3)]
      await right(put(stream(), noStream, first))
      const early = follow(store, { after: 'start', streamPrefix: prefix })
      await early.caughtUp()
      const late = follow(store, { after: early.position(), streamPrefix: prefix })
      await late.caughtUp()
      await right(put(stream(), noStream, second))
      await late.events(3)
      await early.events(6)
      assert.deepEqual(early.seen, idsOf([...first, ...second]))
      assert.deepEqual(late.seen, idsOf(second))
      await early.leave()
      const third = events(1)
      await right(put(stream(), noStream, third))
      await late.events(4)
      assert.deepEqual(late.seen.slice(3), idsOf(third))
      await late.leave()
    }
  ]
]
