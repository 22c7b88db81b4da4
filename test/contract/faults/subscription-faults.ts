import * as E from 'fp-ts/Either'
import { is, type NamedFault, subscribing } from './fault.ts'

export const subscriptionFaults: ReadonlyArray<NamedFault> = [
  [
    'caught up before all that was there',
    'subscribe',
    subscribing(async function* (messages) {
      yield E.right({ _tag: 'CaughtUp' })
      for await (const message of messages) if (!is(message, 'CaughtUp')) yield message
    })
  ],
  [
    'caught up again and again',
    'subscribe',
    subscribing(async function* (messages) {
      for await (const message of messages) {
        yield message
        if (is(message, 'CaughtUp')) yield message
      }
    })
  ],
  [
    'never caught up',
    'subscribe',
    subscribing(async function* (messages) {
      for await (const message of messages) if (!is(message, 'CaughtUp')) yield message
    })
  ],
  [
    'every event twice',
    'subscribe',
    subscribing(async function* (messages) {
      for await (const message of messages) {
        yield message
        if (is(message, 'Event')) yield message
      }
    })
  ],
  [
    'only what was there',
    'subscribe',
    subscribing(async function* (messages) {
      for await (const message of messages) {
        yield message
        if (is(message, 'CaughtUp')) await new Promise(() => {})
      }
    })
  ],
  [
    'the position is inclusive',
    'subscribe',
    (store) => ({
      ...store,
      subscribe: (options) =>
        store.subscribe({
          ...options,
          after: /^[2-9]$/.test(options.after) ? String(Number(options.after) - 1) : options.after
        })
    })
  ],
  [
    'everything, whatever the prefix',
    'subscribe',
    (store) => ({ ...store, subscribe: (options) => store.subscribe({ ...options, streamPrefix: '' }) })
  ],
  [
    'checkpoints ahead of what was delivered',
    'subscribe',
    subscribing(async function* (messages) {
      for await (const message of messages) {
        yield E.isRight(message) && message.right._tag === 'Checkpoint'
          ? E.right({ _tag: 'Checkpoint', position: String(Number(message.right.position) + 1) } as const)
          : message
      }
    })
  ],
  [
    'a slow consumer loses events',
    'subscribe',
    subscribing((messages) => {
      let n = 0
      return {
        [Symbol.asyncIterator]: () => {
          const all = messages[Symbol.asyncIterator]()
          return {
            next: async () => {
              const step = await all.next()
              return !step.done && is(step.value, 'Event') && ++n > 512 ? all.next() : step
            },
            return: async () => {
              await all.return?.()
              return { done: true, value: undefined }
            }
          }
        }
      }
    })
  ],
  [
    'the signal is not heeded',
    'subscribe, the end',
    (store) => ({ ...store, subscribe: ({ after, streamPrefix }) => store.subscribe({ after, streamPrefix }) })
  ],
  [
    'a consumer that waits cannot leave',
    'subscribe, the end',
    subscribing(async function* (messages) {
      yield* messages
    })
  ],
  [
    'it does not end with its store',
    'subscribe, the end',
    subscribing(async function* (messages) {
      for await (const message of messages) {
        if (E.isLeft(message)) await new Promise(() => {})
        yield message
      }
    })
  ],
  [
    'it goes on after a failure',
    'subscribe, the end',
    subscribing(async function* (messages) {
      yield* messages
      yield E.right({ _tag: 'CaughtUp' })
    })
  ]
]
