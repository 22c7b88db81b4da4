import assert from 'node:assert/strict'
import * as E from 'fp-ts/Either'
import type { EventStore, StoreError, Subscribe, SubscriptionMessage } from '../../application/ports/event-store.ts'
import { soon } from './expectations.ts'

/** More messages than any case has to do with. */
const maxPulled = 10_000

/** A subscription as a case takes it: one message after another, none of them waited for without end. */
export type Followed = {
  /** Ids of the events so far, in the order of their coming. */
  readonly seen: ReadonlyArray<string>
  /** How many events there had been when it said that it has caught up; once for each time. */
  readonly caughtUpAfter: ReadonlyArray<number>
  /** Where it could be resumed, by the last message that told. */
  readonly position: () => string
  /** The next message; undefined at the end. Fails where it is a failure. */
  readonly next: () => Promise<SubscriptionMessage | undefined>
  /** Takes messages until there have been so many events. */
  readonly events: (count: number) => Promise<void>
  readonly caughtUp: () => Promise<void>
  /** What it comes to: the failure that it ends with, or its plain end. */
  readonly ended: () => Promise<StoreError | undefined>
  /** As `break` in a loop does. */
  readonly leave: () => Promise<void>
}

export const follow = (store: EventStore, options: Parameters<Subscribe>[0]): Followed => {
  const messages = store.subscribe(options)[Symbol.asyncIterator]()
  const seen: Array<string> = []
  const caughtUpAfter: Array<number> = []
  let position: string = options.after
  let pulled = 0

  const pull = async () => {
    assert.ok(++pulled < maxPulled, 'the subscription comes to an end')
    return soon(messages.next(), 'a message of a subscription')
  }

  const next = async (): Promise<SubscriptionMessage | undefined> => {
    const step = await pull()
    if (step.done) return undefined
    const message = step.value
    if (E.isLeft(message)) return assert.fail(`the subscription failed: ${message.left._tag} ${message.left.message}`)
    switch (message.right._tag) {
      case 'Event':
        seen.push(message.right.event.id)
        position = message.right.event.position
        break
      case 'Checkpoint':
        position = message.right.position
        break
      case 'CaughtUp':
        caughtUpAfter.push(seen.length)
    }
    return message.right
  }

  const until = async (enough: () => boolean): Promise<void> => {
    while (!enough()) assert.ok(await next(), 'the subscription went on')
  }

  return {
    seen,
    caughtUpAfter,
    position: () => position,
    next,
    events: (count) => until(() => seen.length >= count),
    caughtUp: () => until(() => caughtUpAfter.length > 0),
    ended: async () => {
      for (;;) {
        const step = await pull()
        if (step.done) return undefined
        if (E.isRight(step.value)) continue
        const after = await pull()
        assert.equal(after.done, true, 'a failure is the last message')
        return step.value.left
      }
    },
    leave: async () => {
      await soon(Promise.resolve(messages.return?.()), 'a subscription to let go')
    }
  }
}
