import { performance } from 'node:perf_hooks'
import * as E from 'fp-ts/Either'
import type { StoreError, Subscribe } from '../../../application/ports/event-store.ts'
import type { FailureTag } from '../../../domain/failure.ts'
import { disposedOf } from '../../common/disposed-of.ts'
import { startTimer } from '../../node/timer.ts'
import { judge } from '../calls/to-store-error.ts'
import type { Context } from '../client/client.ts'
import { type Lifetime, lifetime } from '../client/lifetime.ts'
import { fromPosition, type LogPosition } from '../read/position.ts'
import { whyNot } from '../read/read-all.ts'
import { subscriptionRequest } from '../read/read-request.ts'
import { deliver, type Message } from './deliver.ts'
import { down, progressFrom } from './progress.ts'
import { openSubscription } from './subscription-call.ts'
import type { SubscriptionSettings } from './subscription-settings.ts'

/** No later try can do better than this one. */
const final: ReadonlySet<FailureTag> = new Set<FailureTag>([
  'AccessDenied',
  'InvalidInput',
  'NotAStore',
  'LimitExceeded'
])

/** Waits before a new try, half of it by chance, but never past the moment when it is given up. */
const pause = (settings: SubscriptionSettings, tries: number, leftMs: number, life: Lifetime): Promise<void> =>
  new Promise((resolve) => {
    const ceiling = Math.min(settings.maxMs, settings.firstMs * 2 ** tries)
    const wake = (): void => {
      callOff()
      forget()
      resolve()
    }
    const callOff = startTimer(Math.min(leftMs, (ceiling * (1 + Math.random())) / 2), wake)
    const forget = life.onEnd(wake)
    if (life.isOver()) wake()
  })

/** Subscribes anew after every drop, from where it was, until its life is over, or until it is hopeless: the error why. */
async function* follow(
  context: Context,
  settings: SubscriptionSettings,
  start: LogPosition | 'start',
  streamPrefix: string
): AsyncGenerator<Message, StoreError | undefined> {
  const { lifetime: life } = context
  const progress = progressFrom(start)
  let unforeseen = 0
  while (!life.isOver()) {
    const source = openSubscription(context, subscriptionRequest(progress.resume, streamPrefix))
    // the call is freed at once, also while the consumer is busy with the last message
    const forget = life.onEnd(source.close)
    let ended: StoreError | undefined
    try {
      ended = yield* deliver(context, settings, source, streamPrefix, progress)
    } finally {
      forget()
      source.close()
    }
    if (ended === undefined) return undefined
    const patienceMs = progress.everAlive ? settings.outageMs : context.deadlineMs
    const leftMs = down(progress) + patienceMs - performance.now()
    // a place that nothing was ever heard from is refused, where the server says twice that it cannot read
    if (!progress.everAlive && judge(ended.cause).lasting === 'twice') unforeseen++
    const why = whyNot(unforeseen > 1 ? start : 'start')(ended)
    if (leftMs <= 0 || final.has(why._tag)) return why
    await pause(settings, progress.tries++, leftMs, life)
  }
  return undefined
}

/**
 * A catch-up subscription, filtered by the server, that outlives drops of every kind: the client's own ends at the
 * first. It gives up, with the error as its last message, where access is denied, where the server cannot be reached
 * within the deadline at the start, or for longer than `outageMs` after that.
 */
export const subscribe =
  (context: Context, settings: SubscriptionSettings): Subscribe =>
  ({ after, streamPrefix, signal }) => ({
    [Symbol.asyncIterator]: () => {
      const life = lifetime()
      let isWanted = true
      const forget = context.lifetime.onEnd(life.end)
      // nobody may ask for what comes after the end
      const free = (): void => {
        forget()
        signal?.removeEventListener('abort', halt)
      }
      const halt = (): void => {
        isWanted = false
        life.end()
        free()
      }
      if (signal?.aborted) halt()
      else signal?.addEventListener('abort', halt, { once: true })
      if (context.lifetime.isOver()) life.end()
      async function* messages(): AsyncGenerator<Message, void> {
        const start = fromPosition(after)
        try {
          const failed = E.isLeft(start)
            ? start.left
            : yield* follow({ ...context, lifetime: life }, settings, start.right, streamPrefix)
          free()
          if (failed !== undefined) yield E.left(failed)
          else if (context.lifetime.isOver() && isWanted) yield E.left(disposedOf)
        } finally {
          free()
        }
      }
      const all = messages()
      return {
        next: () => all.next(),
        return: () => {
          // a generator that waits would hear of its end only after its next message
          halt()
          return all.return()
        }
      }
    }
  })
