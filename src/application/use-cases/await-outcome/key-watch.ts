import * as E from 'fp-ts/Either'
import type { EventType } from '../../../domain/events/ledger-event.ts'
import type { Failure } from '../../../domain/failure.ts'
import { clockTime } from '../../ports/clock-time.ts'
import type { Position } from '../../ports/event-store.ts'
import type { Settings } from '../../settings.ts'
import { freezeAnswered } from '../../stream/frozen.ts'
import { readState } from '../../stream/read-state.ts'
import { type Look, lookAt } from './waited.ts'

/** Told of each look that was begun after it came. */
export type Listener = (look: E.Either<Failure, Look>) => void

/** Watches one key for all who wait for it. */
export type KeyWatch = {
  /** Comes to the watch; gives a way to leave it. */
  readonly join: (listener: Listener) => () => void
}

/** A place among the subscriptions that are open at once, or none where all are taken. */
export type TakeFeed = () => (() => void) | undefined

/** Others saw the key, and it is as it was. */
const changesNothing: ReadonlySet<string> = new Set<EventType>(['DuplicateSeen', 'ConflictRecorded'])

/** Where no subscription tells of changes: the first wait between two looks, doubled up to the longest, ms. */
const firstPollMs = 20
const longestPollMs = 1_000

/** A subscription may be dead and not know it: so often it is looked without a change, ms. */
const unaskedLookMs = 5_000

/** A clock that stands still, or runs back, must not keep anybody busy. */
const shortestRestMs = 10

/**
 * Looks at a key, then again when its stream goes on, when the holder's time is over, and every so often. It looks by
 * committed reads as `get` does, writes nothing, and is over with the last who leaves: `onEnd`.
 */
export const keyWatch = (settings: Settings, stream: string, takeFeed: TakeFeed, onEnd: () => void): KeyWatch => {
  const { store, timer, random } = settings
  const end = new AbortController()
  const listeners = new Map<Listener, number>()
  let looks = 0
  let isStale = false
  let wake: AbortController | undefined
  let isFed = false
  let polls = 0

  const lookSoon = (): void => {
    isStale = true
    wake?.abort()
  }

  const look = async (): Promise<E.Either<Failure, Look & { readonly revision: bigint | 'noStream' }>> => {
    const read = await readState(settings)(stream)()
    if (E.isLeft(read)) return read
    // all who wait are given the same record
    freezeAnswered(read.right.state)
    const now = clockTime(settings.clock)
    if (E.isLeft(now)) return now
    return E.right({ ...lookAt(read.right.state, now.right, settings.policy), revision: read.right.actual })
  }

  const follow = async (after: Position, giveBack: () => void): Promise<void> => {
    isFed = true
    for await (const message of store.subscribe({ after, streamPrefix: stream, signal: end.signal })) {
      if (E.isLeft(message) || end.signal.aborted) break
      if (message.right._tag === 'Event' && !changesNothing.has(message.right.event.type)) lookSoon()
    }
    isFed = false
    giveBack()
    // what was written while it broke is seen by the polls that follow
    lookSoon()
  }

  /** Follows the stream from its last event on, which may be later than what was seen. */
  const openFeed = async (seen: bigint | 'noStream'): Promise<void> => {
    const giveBack = takeFeed()
    if (giveBack === undefined) return
    const tail = await store.readStream(stream, 'backwards', 'end', 1)()
    const last = E.isRight(tail) ? tail.right[0] : undefined
    if (last === undefined || end.signal.aborted) return giveBack()
    if (last.revision !== seen) lookSoon()
    void follow(last.position, giveBack)
  }

  const restMs = (lapsesAtMs: number | undefined): number => {
    const jitter = 0.5 + random.fraction() / 2
    const unasked = isFed ? unaskedLookMs : Math.min(longestPollMs, firstPollMs * 2 ** polls)
    const now = clockTime(settings.clock)
    const left = lapsesAtMs === undefined || E.isLeft(now) ? unasked : lapsesAtMs - now.right
    return Math.max(shortestRestMs, Math.min(left, unasked * jitter))
  }

  const rest = async (lapsesAtMs: number | undefined): Promise<void> => {
    if (isStale || end.signal.aborted) return
    wake = new AbortController()
    await timer.sleep(restMs(lapsesAtMs), wake.signal)()
    wake = undefined
    if (!isFed) polls = Math.min(polls + 1, 16)
  }

  const run = async (): Promise<void> => {
    let mayFeed = true
    while (!end.signal.aborted) {
      isStale = false
      const number = ++looks
      const seen = await look()
      for (const [listener, from] of [...listeners]) if (from <= number) listener(seen)
      if (end.signal.aborted) return
      if (mayFeed && E.isRight(seen)) {
        mayFeed = false
        await openFeed(seen.right.revision)
      }
      await rest(E.isRight(seen) && seen.right._tag === 'AtWork' ? seen.right.lapsesAtMs : undefined)
    }
  }

  return {
    join: (listener) => {
      const isFirst = looks === 0
      listeners.set(listener, looks + 1)
      if (isFirst) void run()
      else lookSoon()
      return () => {
        if (!listeners.delete(listener) || listeners.size > 0) return
        end.abort()
        wake?.abort()
        onEnd()
      }
    }
  }
}
