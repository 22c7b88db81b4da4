import { performance } from 'node:perf_hooks'
import type { Position as ClientPosition } from '@eventstore/db-client'
import * as E from 'fp-ts/Either'
import type { StoreError, Subscribe, SubscriptionMessage } from '../../application/ports/event-store.ts'
import { type FailureTag, failure } from '../../domain/failure.ts'
import type { Context } from './client.ts'
import { type ClientSubscription, openSubscription } from './client-subscription.ts'
import { disposedOf } from './disposed-of.ts'
import { lookout } from './lookout.ts'
import { fromPosition, isAfter, toPosition } from './position.ts'
import { toRecorded } from './recorded-event.ts'
import type { SubscriptionSettings } from './subscription-settings.ts'
import { toStoreError } from './to-store-error.ts'

type Message = E.Either<StoreError, SubscriptionMessage>

/** No later try can do better than this one. */
const final: ReadonlySet<FailureTag> = new Set<FailureTag>([
  'AccessDenied',
  'InvalidInput',
  'NotAStore',
  'LimitExceeded'
])

/** Where a consumer stands in the log, over all its resubscriptions. */
type Progress = {
  /** The last event that was delivered: nothing up to it is delivered again. */
  event: ClientPosition | 'start'
  /** Where to resume: an event's position, or a checkpoint's. */
  resume: ClientPosition | 'start'
  /** When the server last gave a sign of life, by the monotonic clock. */
  aliveAt: number
  everAlive: boolean
  tries: number
}

/** How a consumer is told to stop: `pending` is what must be woken for that. */
type Stop = { requested: boolean; pending: () => void }

const alive = (progress: Progress): void => {
  progress.aliveAt = performance.now()
  progress.everAlive = true
  progress.tries = 0
}

const later = (a: ClientPosition | 'start', b: ClientPosition | 'start'): ClientPosition | 'start' =>
  a !== 'start' && isAfter(a, b) ? a : b

/** Delivers what one subscription of the client's brings. Returns why it ended; undefined where it was told to stop. */
async function* deliver(
  context: Context,
  settings: SubscriptionSettings,
  source: ClientSubscription,
  streamPrefix: string,
  progress: Progress,
  stop: Stop
): AsyncGenerator<Message, StoreError | undefined> {
  const look = lookout(context, streamPrefix)
  const openedAt = performance.now()
  let heardAt = openedAt
  let caughtUp = false
  let patience = settings.quietMs
  const over = (): boolean => stop.requested || context.lifetime.isOver()
  while (!over()) {
    const delivery = await source.next(source.isConfirmed() ? patience : Math.min(patience, context.deadlineMs))
    if (over()) return undefined
    if (delivery === undefined) {
      const now = performance.now()
      if (!source.isConfirmed()) {
        if (now - openedAt < context.deadlineMs) continue
        return failure('StoreTimeout', `the server did not confirm a subscription within ${context.deadlineMs} ms`)
      }
      if (now - heardAt < patience) continue
      const sight = await look(later(progress.resume, progress.event))
      if (over()) return undefined
      if (E.isLeft(sight)) return sight.left
      heardAt = performance.now()
      alive(progress)
      if (sight.right === 'atEnd' && !caughtUp) {
        caughtUp = true
        patience = settings.livenessMs
        yield E.right({ _tag: 'CaughtUp' })
      }
      continue
    }
    if (delivery._tag === 'Dropped') return toStoreError(delivery.cause)
    heardAt = performance.now()
    alive(progress)
    switch (delivery._tag) {
      case 'Event': {
        const event = toRecorded(delivery.resolved)
        const position = delivery.resolved.event?.position
        if (event === undefined || position === undefined || !isAfter(position, progress.event)) break
        progress.event = progress.resume = position
        yield E.right({ _tag: 'Event', event })
        break
      }
      case 'Checkpoint':
        if (!isAfter(delivery.position, progress.resume)) break
        progress.resume = delivery.position
        yield E.right({ _tag: 'Checkpoint', position: toPosition(delivery.position) })
        break
      case 'CaughtUp':
        if (caughtUp) break
        caughtUp = true
        patience = settings.livenessMs
        yield E.right({ _tag: 'CaughtUp' })
    }
  }
  return undefined
}

/** Waits before a new try, half of it by chance, but never past the moment when it is given up. */
const pause = (settings: SubscriptionSettings, tries: number, leftMs: number, stop: Stop): Promise<void> =>
  new Promise((resolve) => {
    const ceiling = Math.min(settings.mostMs, settings.firstMs * 2 ** tries)
    const timer = setTimeout(resolve, Math.min(leftMs, (ceiling * (1 + Math.random())) / 2))
    stop.pending = () => {
      clearTimeout(timer)
      resolve()
    }
  })

/** Subscribes anew after every drop, from where it was, until told to stop, or until it is hopeless. */
async function* follow(
  context: Context,
  settings: SubscriptionSettings,
  start: ClientPosition | 'start',
  streamPrefix: string,
  stop: Stop
): AsyncGenerator<Message, void> {
  const progress: Progress = { event: start, resume: start, aliveAt: performance.now(), everAlive: false, tries: 0 }
  while (!stop.requested) {
    if (context.lifetime.isOver()) return yield E.left(disposedOf)
    const source = openSubscription(context, progress.resume, streamPrefix)
    stop.pending = source.wake
    let ended: StoreError | undefined
    try {
      ended = yield* deliver(context, settings, source, streamPrefix, progress, stop)
    } finally {
      source.close()
    }
    if (ended === undefined) continue
    const patienceMs = progress.everAlive ? settings.outageMs : context.deadlineMs
    const leftMs = progress.aliveAt + patienceMs - performance.now()
    if (leftMs <= 0 || final.has(ended._tag)) return yield E.left(ended)
    await pause(settings, progress.tries++, leftMs, stop)
  }
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
      const stop: Stop = { requested: signal?.aborted === true, pending: () => {} }
      const halt = (): void => {
        stop.requested = true
        stop.pending()
      }
      const forget = context.lifetime.onEnd(() => stop.pending())
      signal?.addEventListener('abort', halt, { once: true })
      async function* messages(): AsyncGenerator<Message, void> {
        const start = fromPosition(after)
        try {
          if (E.isLeft(start)) yield start
          else yield* follow(context, settings, start.right, streamPrefix, stop)
        } finally {
          forget()
          signal?.removeEventListener('abort', halt)
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
