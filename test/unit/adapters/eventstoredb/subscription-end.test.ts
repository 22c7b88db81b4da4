import { getEventListeners } from 'node:events'
import * as E from 'fp-ts/Either'
import { constVoid } from 'fp-ts/function'
import { expect, it } from 'vitest'
import type { Context } from '../../../../src/adapters/eventstoredb/client/client.ts'
import { type Lifetime, lifetime } from '../../../../src/adapters/eventstoredb/client/lifetime.ts'
import { subscribe } from '../../../../src/adapters/eventstoredb/subscribe/subscribe.ts'
import { defaultSubscriptionSettings } from '../../../../src/adapters/eventstoredb/subscribe/subscription-settings.ts'

/** A life that tells how many have yet to hear of its end. */
const watched = (): Lifetime & { readonly waiting: () => number } => {
  const life = lifetime()
  const waiting = new Set<object>()
  return {
    ...life,
    waiting: () => waiting.size,
    onEnd: (callback) => {
      const forget = life.onEnd(callback)
      waiting.add(forget)
      return () => {
        waiting.delete(forget)
        forget()
      }
    }
  }
}

/** A subscription over a wire that opens so, and what it has registered for with its store and its signal. */
const subscribed = (open: () => Promise<never>, after = 'start') => {
  const life = watched()
  const wire: Context['wire'] = {
    open,
    args: () => expect.unreachable('nothing is called'),
    hasMet: () => false,
    heard: constVoid,
    failed: constVoid,
    notAnswered: constVoid,
    waiting: () => constVoid,
    close: constVoid
  }
  const context: Context = { wire, lifetime: life, deadlineMs: 60_000, maxAppendBytes: 1024 }
  const end = new AbortController()
  const messages = subscribe(context, defaultSubscriptionSettings)({ after, streamPrefix: 'x-', signal: end.signal })
  const all = messages[Symbol.asyncIterator]()
  const registered = () => [life.waiting(), getEventListeners(end.signal, 'abort').length]
  return { all, end, life, registered }
}

const never = (): Promise<never> => new Promise(constVoid)
const denied = (): Promise<never> => Promise.reject(Object.assign(new Error('Access Denied'), { code: 7 }))

it('a subscription that is aborted is registered nowhere, though nobody asks for what comes next', async () => {
  const { all, end, registered } = subscribed(never)
  expect(registered()).toEqual([1, 1])
  end.abort()
  expect(registered()).toEqual([0, 0])
  expect(await all.next()).toMatchObject({ done: true })
})

it.each([
  ['failed', denied, 'start', 'AccessDenied'],
  ['was refused', never, '1/2', 'InvalidInput']
] as const)('nor is one that %s', async (_, open, after, tag) => {
  const { all, end, life, registered } = subscribed(open, after)
  expect(await all.next()).toMatchObject({ value: E.left({ _tag: tag }) })
  expect(registered()).toEqual([0, 0])
  // the error was its last message, whatever ends meanwhile
  life.end()
  end.abort()
  expect(await all.next()).toMatchObject({ done: true })
})
