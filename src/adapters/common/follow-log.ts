import * as E from 'fp-ts/Either'
import type {
  Position,
  ReadAll,
  StoreError,
  Subscribe,
  SubscriptionMessage
} from '../../application/ports/event-store.ts'
import { failure } from '../../domain/failure.ts'
import { nextTurn } from '../node/timer.ts'
import type { Notices } from './notices.ts'
import { fromPosition } from './numbered-position.ts'

type Message = E.Either<StoreError, SubscriptionMessage>

const pageSize = 256

/** How soon a log is looked at again in which there was something, ms: where others write, they mostly go on. */
const soonestMs = 10

/** Stores that are followed in this way count their events. */
const numberOf = (position: Position): number => E.getOrElse(() => 0)(fromPosition(position))

const stuck = failure('StoreUnavailable', 'the log does not go on, and does not end')

/** A log that is quiet is looked at ever less often, down to once in `pollMs`; none where a notice always comes. */
const pauseAfter = (found: boolean, before: number | undefined, pollMs: number | undefined): number | undefined =>
  pollMs === undefined ? undefined : Math.min(pollMs, found ? soonestMs : 2 * (before ?? pollMs))

/** Follows until it is stopped, or until it fails: the error why. */
async function* follow(
  readAll: ReadAll,
  written: Notices,
  pollMs: number | undefined,
  { after, streamPrefix }: Parameters<Subscribe>[0],
  stop: AbortSignal
): AsyncGenerator<Message, StoreError | undefined> {
  let position: Position | 'start' = after
  let live = false
  let pauseMs = pollMs
  while (!stop.aborted) {
    const seen = written.count()
    const read: Awaited<ReturnType<ReturnType<ReadAll>>> = await readAll(position, streamPrefix, pageSize)()
    if (stop.aborted) return undefined
    if (E.isLeft(read)) return read.left
    const { events, unreadable: [bad] = [], next, atEnd } = read.right
    for (const event of events) {
      if (bad !== undefined && numberOf(event.position) > numberOf(bad.position)) break
      yield E.right({ _tag: 'Event', event })
      if (stop.aborted) return undefined
    }
    // who follows a log must not miss what is in it: it hears of it, and decides itself whether to go on after it
    if (bad !== undefined) return bad.error
    if (next !== position && next !== 'start') {
      yield E.right({ _tag: 'Checkpoint', position: next })
      if (stop.aborted) return undefined
    }
    if (!atEnd && events.length === 0 && next === position) return stuck
    position = next
    if (!atEnd) {
      // a log in this very process must not keep others from their turn, however long it is
      if (events.length === 0) await nextTurn()
      continue
    }
    if (!live) yield E.right({ _tag: 'CaughtUp' })
    live = true
    pauseMs = pauseAfter(events.length > 0, pauseMs, pollMs)
    await written.after(seen, stop, pauseMs)
  }
  return undefined
}

/**
 * A catch-up subscription over `readAll`: pages until the end, then waits for a notice, or for `pollMs` at most where
 * other processes write too. The consumer's pace is its pace, and it holds nothing once the consumer is gone.
 */
export const followLog =
  (readAll: ReadAll, written: Notices, pollMs?: number): Subscribe =>
  (options) => ({
    [Symbol.asyncIterator]: () => {
      const { signal } = options
      const stop = new AbortController()
      const halt = (): void => stop.abort()
      async function* messages(): AsyncGenerator<Message, void> {
        if (signal?.aborted) return
        signal?.addEventListener('abort', halt, { once: true })
        let failed: StoreError | undefined
        try {
          failed = yield* follow(readAll, written, pollMs, options, stop.signal)
        } finally {
          signal?.removeEventListener('abort', halt)
        }
        // the last message: nobody may ask for what comes after it
        if (failed !== undefined) yield E.left(failed)
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
