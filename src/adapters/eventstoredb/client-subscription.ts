import type { AllStreamResolvedEvent, AllStreamSubscription, Position as ClientPosition } from '@eventstore/db-client'
import { constVoid } from 'fp-ts/function'
import { authentication, type Context } from './client.ts'

/** What one subscription of the client's delivers, in log order; `Dropped` is its end. */
export type Delivery =
  | { readonly _tag: 'Event'; readonly resolved: AllStreamResolvedEvent }
  | { readonly _tag: 'Checkpoint'; readonly position: ClientPosition }
  | { readonly _tag: 'CaughtUp' }
  | { readonly _tag: 'Dropped'; readonly cause: unknown }

export type ClientSubscription = {
  /** The next delivery; undefined where there is none for `ms`. */
  readonly next: (ms: number) => Promise<Delivery | undefined>
  readonly isConfirmed: () => boolean
  /** Ends a `next` that waits, and the call. */
  readonly close: () => void
}

/** A signal that stands between events: its place is known by how many events come before it. */
type Mark = { readonly after: number; readonly delivery: Delivery; readonly taken: () => void }

/** One checkpoint for every so many windows of 32 events that the server looks at. */
const checkpointInterval = 32

/**
 * One subscription of the client's as something to pull from, so that the consumer's pace is the server's. It never
 * comes back by itself: after `Dropped` there is nothing more.
 */
export const openSubscription = (
  context: Context,
  from: ClientPosition | 'start',
  streamPrefix: string
): ClientSubscription => {
  const marks: Array<Mark> = []
  let pulled = 0
  let confirmed = false
  let dropped: Delivery | undefined
  let wake = constVoid

  const drop = (cause: unknown): void => {
    dropped ??= { _tag: 'Dropped', cause }
    wake()
  }

  /** Signals overtake the events that wait in the stream; this puts them in line behind those. */
  const mark = (source: AllStreamSubscription, delivery: Delivery): Promise<void> =>
    new Promise((taken) => {
      marks.push({ after: pulled + source.readableLength, delivery, taken })
      wake()
    })

  const source = context.client.subscribeToAll({
    ...authentication(context),
    fromPosition: from,
    filter: {
      filterOn: 'streamName',
      prefixes: [streamPrefix],
      checkpointInterval,
      // awaited by the client: the consumer's pace holds for checkpoints too. It must never reject.
      checkpointReached: (_, position) => (dropped ? undefined : mark(source, { _tag: 'Checkpoint', position }))
    }
  })
  source.on('readable', () => wake())
  source.on('confirmation', () => {
    confirmed = true
    wake()
  })
  source.on('caughtUp', () => void mark(source, { _tag: 'CaughtUp' }))
  // without a listener an error would end the process; it stays for those that come late
  source.on('error', drop)
  source.on('end', () => drop(new Error('the server ended the subscription')))

  const take = (): Delivery | undefined => {
    const first = marks[0]
    if (first && first.after <= pulled) {
      marks.shift()
      first.taken()
      return first.delivery
    }
    const resolved: AllStreamResolvedEvent | null = source.read()
    if (resolved === null) return dropped
    pulled++
    return { _tag: 'Event', resolved }
  }

  return {
    next: async (ms) => {
      const ready = take()
      if (ready !== undefined) return ready
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
      wake = constVoid
      return take()
    },
    isConfirmed: () => confirmed,
    close: () => {
      drop(undefined)
      for (const { taken } of marks.splice(0)) taken()
      source.unsubscribe().catch(constVoid)
      source.destroy()
    }
  }
}
