import type { Attributes } from '@opentelemetry/api'
import * as E from 'fp-ts/Either'
import { constVoid } from 'fp-ts/function'
import { abortWatch } from '../../application/ports/abort-watch.ts'
import type { Subscribe } from '../../application/ports/event-store.ts'
import type { Measure } from './measures.ts'

type SubscriptionMeasures = { readonly subscriptions: Measure; readonly subscriptionEvents: Measure }

/**
 * A subscription that is counted while it is open, and whose events are. It has no span: it may last as long as the
 * process. Whoever ends it ends the store's at once: a generator in between would hear of it only after its next message.
 */
export const countedSubscribe = (
  subscribe: Subscribe,
  { subscriptions, subscriptionEvents }: SubscriptionMeasures,
  attributes: Attributes
): Subscribe => {
  const watch = abortWatch()
  return (options) => {
    const messages = subscribe(options)
    return {
      [Symbol.asyncIterator]: () => {
        const all = messages[Symbol.asyncIterator]()
        let state: 'new' | 'open' | 'over' = 'new'
        let unwatch = constVoid
        const closed = (): void => {
          unwatch()
          if (state === 'open') subscriptions(-1, attributes)
          state = 'over'
        }
        return {
          next: async () => {
            if (state === 'new') {
              state = 'open'
              subscriptions(1, attributes)
              // and not everybody asks for what comes after an abort
              if (options.signal !== undefined) unwatch = watch(options.signal, closed)
            }
            try {
              const step = await all.next()
              // a failure is the last message, and not everybody asks for what comes after it
              if (step.done === true || E.isLeft(step.value)) closed()
              else if (step.value.right._tag === 'Event') subscriptionEvents(1, attributes)
              return step
            } catch (cause) {
              closed()
              throw cause
            }
          },
          return: async () => {
            closed()
            await all.return?.()
            return { done: true, value: undefined }
          }
        }
      }
    }
  }
}
