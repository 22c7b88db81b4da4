import assert from 'node:assert/strict'
import { setImmediate as turn } from 'node:timers/promises'
import { noStream } from '../../domain/expected-revision.ts'
import type { Case } from './case.ts'
import { events, idsOf } from './events.ts'
import { right, soon } from './expectations.ts'
import { follow } from './follow.ts'

/** How a subscription ends: by its consumer, by its signal, with its store, or since it was never possible. */
export const subscriptionEndCases: ReadonlyArray<Case> = [
  [
    'lets its consumer leave in the midst of events',
    async ({ store, put, prefix, stream }) => {
      const list = events(400)
      await right(put(stream(), noStream, list))
      for (const enough of [1, 300]) {
        const seen: Array<string> = []
        const messages = store.subscribe({ after: 'start', streamPrefix: prefix })
        const leave = async (): Promise<void> => {
          for await (const message of messages) {
            if (message._tag === 'Right' && message.right._tag === 'Event') seen.push(message.right.event.id)
            if (seen.length === enough) break
          }
        }
        await soon(leave(), 'a loop to be left')
        assert.deepEqual(seen, idsOf(list.slice(0, enough)))
      }
    }
  ],
  [
    'lets its consumer leave while it waits for an event',
    async ({ store, put, prefix, stream }) => {
      const messages = store.subscribe({ after: 'start', streamPrefix: prefix })[Symbol.asyncIterator]()
      for (;;) {
        const { value } = await soon(messages.next(), 'a message')
        if (value?._tag === 'Right' && value.right._tag === 'CaughtUp') break
      }
      const waiting = messages.next()
      await turn()
      await soon(Promise.resolve(messages.return?.()), 'a subscription to let go')
      assert.equal((await soon(waiting, 'the end of the message that was waited for')).done, true)
      await right(put(stream(), noStream, events(1)))
      assert.equal((await soon(messages.next(), 'the end')).done, true)
    }
  ],
  [
    'ends when its signal is aborted while it waits',
    async ({ store, prefix }) => {
      const stop = new AbortController()
      const followed = follow(store, { after: 'start', streamPrefix: prefix, signal: stop.signal })
      await followed.caughtUp()
      const ended = followed.ended()
      await turn()
      stop.abort()
      assert.equal(await ended, undefined)
    }
  ],
  [
    'ends when its signal is aborted in the midst of events',
    async ({ store, put, prefix, stream }) => {
      await right(put(stream(), noStream, events(400)))
      const stop = new AbortController()
      const followed = follow(store, { after: 'start', streamPrefix: prefix, signal: stop.signal })
      await followed.events(2)
      stop.abort()
      assert.equal(await followed.next(), undefined)
      assert.equal(followed.seen.length, 2)
    }
  ],
  [
    'delivers nothing where its signal was aborted before it began',
    async ({ store, put, prefix, stream }) => {
      await right(put(stream(), noStream, events(2)))
      const followed = follow(store, { after: 'start', streamPrefix: prefix, signal: AbortSignal.abort() })
      assert.equal(await followed.next(), undefined)
      assert.deepEqual(followed.seen, [])
    }
  ],
  [
    'ends with its store, whether it waits or delivers',
    async ({ again, put, prefix, stream }) => {
      await right(put(stream(), noStream, events(400)))
      const second = await again()
      const [waiting, delivering] = [1, 2].map(() => follow(second, { after: 'start', streamPrefix: prefix }))
      await waiting?.caughtUp()
      await delivering?.events(2)
      const [first, other] = await Promise.all([
        waiting?.ended(),
        delivering?.ended(),
        turn().then(() => soon(second.dispose(), 'the end of the store'))
      ])
      for (const end of [first, other]) assert.equal(end?._tag ?? 'StoreUnavailable', 'StoreUnavailable')
    }
  ],
  [
    'fails where its store is disposed of already',
    async ({ again, prefix }) => {
      const second = await again()
      await soon(second.dispose(), 'the end of the store')
      const followed = follow(second, { after: 'start', streamPrefix: prefix })
      assert.equal((await followed.ended())?._tag, 'StoreUnavailable')
    }
  ],
  [
    'fails where its position is none',
    async ({ store, prefix }) => {
      for (const after of ['', 'nowhere', '-1']) {
        const followed = follow(store, { after, streamPrefix: prefix })
        assert.equal((await followed.ended())?._tag, 'InvalidInput')
      }
    }
  ]
]
