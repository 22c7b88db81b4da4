import { performance } from 'node:perf_hooks'
import * as E from 'fp-ts/Either'
import type { StoreError, SubscriptionMessage } from '../../../application/ports/event-store.ts'
import { failure } from '../../../domain/failure.ts'
import { outOfTime } from '../calls/judge-by-code.ts'
import { judge, toStoreError } from '../calls/to-store-error.ts'
import type { Context } from '../client/client.ts'
import { nonsense } from '../client/server-error.ts'
import { isAfter, type LogPosition, toPosition } from '../read/position.ts'
import { lookout } from './lookout.ts'
import { alive, type Progress, stillThere } from './progress.ts'
import type { SubscriptionCall } from './subscription-call.ts'
import type { SubscriptionSettings } from './subscription-settings.ts'

export type Message = E.Either<StoreError, SubscriptionMessage>

const later = (a: LogPosition | 'start', b: LogPosition | 'start'): LogPosition | 'start' =>
  a !== 'start' && isAfter(a, b) ? a : b

/** Where the parts differ no event lies. */
const isOfEvent = (position: LogPosition | 'start'): boolean =>
  position === 'start' || position.commit === position.prepare

const foreign = toStoreError(nonsense('an event that was not subscribed to, or without its position'))

/**
 * Delivers what one subscription of the server's brings, and looks at the log where it brings nothing. Returns why it
 * ended; undefined where the consumer, or the store, is done.
 */
export async function* deliver(
  context: Context,
  settings: SubscriptionSettings,
  source: SubscriptionCall,
  streamPrefix: string,
  progress: Progress
): AsyncGenerator<Message, StoreError | undefined> {
  const look = lookout(context, streamPrefix)
  const openedAt = performance.now()
  let heardAt = openedAt
  let isConfirmed = false
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
    const delivery = await source.next(isConfirmed ? patience() : unconfirmedMs)
    if (isOver()) return undefined
    if (delivery === undefined) {
      const now = performance.now()
      if (!isConfirmed) {
        if (now - openedAt < context.deadlineMs) continue
        context.wire.notAnswered(context.deadlineMs)
        return failure('StoreTimeout', `the server did not confirm a subscription within ${context.deadlineMs} ms`)
      }
      if (now - heardAt < patience()) continue
      const sight = await look(later(isOfEvent(progress.resume) ? progress.resume : 'start', progress.event))
      if (isOver()) return undefined
      if (E.isLeft(sight)) return sight.left
      heardAt = performance.now()
      alive(progress)
      const { is, upTo } = sight.right
      if (upTo !== 'start' && isAfter(upTo, progress.resume)) {
        progress.resume = upTo
        yield E.right({ _tag: 'Checkpoint', position: toPosition(upTo) })
      }
      if (is === 'atEnd') yield* live()
      continue
    }
    if (delivery._tag === 'Dropped') {
      const { superseded, error } = judge(delivery.cause)
      return superseded ? outOfTime(delivery.cause).error : error
    }
    heardAt = performance.now()
    switch (delivery._tag) {
      case 'Confirmed':
        isConfirmed = true
        break
      case 'Event': {
        const { event, position } = delivery
        if (position === undefined || !event.stream.startsWith(streamPrefix)) return foreign
        if (!isAfter(position, progress.event)) break
        progress.event = progress.resume = position
        alive(progress)
        yield E.right({ _tag: 'Event', event })
        break
      }
      case 'Checkpoint': {
        const { position } = delivery
        if (position === undefined || !isAfter(position, progress.resume)) break
        progress.resume = position
        alive(progress)
        // to go on from any other is safe for this subscription, and for no other
        if (isOfEvent(position)) yield E.right({ _tag: 'Checkpoint', position: toPosition(position) })
        break
      }
      case 'CaughtUp':
        // no reason to try again sooner: a server may say so and drop the subscription each time
        stillThere(progress)
        yield* live()
    }
  }
  return undefined
}
