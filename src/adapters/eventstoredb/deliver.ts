import { performance } from 'node:perf_hooks'
import type { Position as ClientPosition } from '@eventstore/db-client'
import * as E from 'fp-ts/Either'
import type { StoreError, SubscriptionMessage } from '../../application/ports/event-store.ts'
import { failure } from '../../domain/failure.ts'
import type { Context } from './client.ts'
import type { ClientSubscription } from './client-subscription.ts'
import { lookout } from './lookout.ts'
import { isAfter, toPosition } from './position.ts'
import { alive, type Progress } from './progress.ts'
import { toRecorded } from './recorded-event.ts'
import type { SubscriptionSettings } from './subscription-settings.ts'
import { toStoreError } from './to-store-error.ts'

export type Message = E.Either<StoreError, SubscriptionMessage>

const later = (a: ClientPosition | 'start', b: ClientPosition | 'start'): ClientPosition | 'start' =>
  a !== 'start' && isAfter(a, b) ? a : b

/**
 * Delivers what one subscription of the client's brings, and looks at the log where it brings nothing. Returns why it
 * ended; undefined where the consumer, or the store, is done.
 */
export async function* deliver(
  context: Context,
  settings: SubscriptionSettings,
  source: ClientSubscription,
  streamPrefix: string,
  progress: Progress
): AsyncGenerator<Message, StoreError | undefined> {
  const look = lookout(context, streamPrefix)
  const openedAt = performance.now()
  let heardAt = openedAt
  /** Whether this subscription has reached the end of the log, whatever the ones before it had. */
  let isLive = false
  const { isOver } = context.lifetime
  const patience = (): number => (isLive ? settings.livenessMs : settings.quietMs)
  function* live(): Generator<Message> {
    isLive = true
    if (progress.caughtUp) return
    progress.caughtUp = true
    yield E.right({ _tag: 'CaughtUp' })
  }
  while (!isOver()) {
    const unconfirmedMs = openedAt + context.deadlineMs - performance.now()
    const delivery = await source.next(source.isConfirmed() ? patience() : unconfirmedMs)
    if (isOver()) return undefined
    if (delivery === undefined) {
      const now = performance.now()
      if (!source.isConfirmed()) {
        if (now - openedAt < context.deadlineMs) continue
        context.notAnswered(context.deadlineMs)
        return failure('StoreTimeout', `the server did not confirm a subscription within ${context.deadlineMs} ms`)
      }
      if (now - heardAt < patience()) continue
      const sight = await look(later(progress.resume, progress.event))
      if (isOver()) return undefined
      if (E.isLeft(sight)) return sight.left
      heardAt = performance.now()
      alive(progress)
      if (sight.right === 'atEnd') yield* live()
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
        yield* live()
    }
  }
  return undefined
}
