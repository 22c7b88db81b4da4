import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js'
import { constVoid } from 'fp-ts/function'
import { startTimer } from '../../node/timer.ts'
import { openRead } from '../calls/open-read.ts'
import type { Context } from '../client/client.ts'
import type { ReadCall } from '../client/client-internals.ts'
import { nonsense } from '../client/server-error.ts'
import { type LogPosition, positionIn } from '../read/position.ts'
import { type Received, recordedIn } from '../read/recorded-event.ts'

/** What one subscription of the server's delivers, in log order; `Dropped` is its end. */
export type Delivery =
  | ({ readonly _tag: 'Event' } & Received)
  | { readonly _tag: 'Checkpoint'; readonly position: LogPosition | undefined }
  | { readonly _tag: 'Confirmed' }
  | { readonly _tag: 'CaughtUp' }
  | { readonly _tag: 'FellBehind' }
  | { readonly _tag: 'Dropped'; readonly cause: unknown }

export type SubscriptionCall = {
  /** The next delivery; undefined where there is none for `ms`. */
  readonly next: (ms: number) => Promise<Delivery | undefined>
  /** Ends a `next` that waits, and the call. */
  readonly close: () => void
}

const deliveryIn = (message: ReadResp): Delivery => {
  const recorded = message.getEvent()?.getEvent()
  if (recorded !== undefined) return { _tag: 'Event', ...recordedIn(recorded) }
  const checkpoint = message.getCheckpoint()
  if (checkpoint !== undefined) {
    return { _tag: 'Checkpoint', position: positionIn(checkpoint.getCommitPosition(), checkpoint.getPreparePosition()) }
  }
  if (message.hasConfirmation()) return { _tag: 'Confirmed' }
  if (message.hasCaughtUp()) return { _tag: 'CaughtUp' }
  if (message.hasFellBehind()) return { _tag: 'FellBehind' }
  throw nonsense('a message of a subscription without an event')
}

/**
 * One subscription of the server's as something to pull from, so that the consumer's pace is the server's. It never
 * comes back by itself: after `Dropped` there is nothing more.
 */
export const openSubscription = (context: Context, request: ReadReq): SubscriptionCall => {
  const { wire } = context
  let call: ReadCall | undefined
  let dropped: Delivery | undefined
  let wake = constVoid

  const drop = (cause: unknown): void => {
    dropped ??= { _tag: 'Dropped', cause }
    wake()
  }
  const end = (): void => {
    call?.cancel()
    call?.destroy()
  }
  const open = async (): Promise<void> => {
    const line = await wire.open()
    if (dropped !== undefined) return
    const opened = openRead(context, line, request)
    call = opened
    opened.on('readable', () => {
      // the end is told so too, be it of our own making
      if (opened.readableLength > 0) wire.heard(line)
      wake()
    })
    // without a listener an error would end the process; it stays for those that come late
    opened.on('error', (cause) => {
      wire.failed(line, cause)
      drop(cause)
    })
    opened.on('end', () => drop(new Error('the server ended the subscription')))
  }
  open().catch(drop)

  const take = (): Delivery | undefined => {
    const message: ReadResp | null = call?.read() ?? null
    if (message === null) return dropped
    try {
      return deliveryIn(message)
    } catch (cause) {
      drop(cause)
      end()
      return dropped
    }
  }

  return {
    next: async (ms) => {
      const ready = take()
      if (ready !== undefined) return ready
      await new Promise<void>((resolve) => {
        const callOff = startTimer(ms, resolve)
        wake = () => {
          callOff()
          resolve()
        }
      })
      wake = constVoid
      return take()
    },
    close: () => {
      drop(undefined)
      end()
    }
  }
}
