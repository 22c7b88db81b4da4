import * as E from 'fp-ts/Either'
import type { Position, ReadAll, StoreError, Subscribe, SubscriptionMessage } from '../application/ports/event-store.ts'

/** Tells waiters that something may have happened; they look for themselves what it was. */
export type Signals = {
  readonly notify: () => void
  /** How many notices there have been. */
  readonly count: () => number
  /**
   * Resolves once there have been more notices than `seen`, after `atMostMs` at the latest, or once the signal is
   * aborted: a notice between looking and waiting is not lost.
   */
  readonly after: (seen: number, signal: AbortSignal | undefined, atMostMs?: number) => Promise<void>
}

export const signals = (): Signals => {
  const waiters = new Set<() => void>()
  let notices = 0
  return {
    count: () => notices,
    notify: () => {
      notices++
      for (const wake of [...waiters]) wake()
    },
    after: (seen, signal, atMostMs) =>
      new Promise((resolve) => {
        const wake = (): void => {
          waiters.delete(wake)
          signal?.removeEventListener('abort', wake)
          clearTimeout(timer)
          resolve()
        }
        const timer = atMostMs === undefined ? undefined : setTimeout(wake, atMostMs)
        waiters.add(wake)
        if (signal?.aborted || notices !== seen) wake()
        else signal?.addEventListener('abort', wake)
      })
  }
}

const page = 256

/**
 * A catch-up subscription over `readAll`: pages until the end, then waits for a notice, or for `pollMs` where other
 * processes write too. The consumer's pace is its pace, and it holds nothing once the consumer is gone.
 */
export const followLog = (readAll: ReadAll, written: Signals, pollMs?: number): Subscribe =>
  async function* ({ after, streamPrefix, signal }): AsyncGenerator<E.Either<StoreError, SubscriptionMessage>> {
    let position: Position | 'start' = after
    let live = false
    const stopped = (): boolean => signal?.aborted === true
    while (!stopped()) {
      const seen = written.count()
      const read: Awaited<ReturnType<ReturnType<ReadAll>>> = await readAll(position, streamPrefix, page)()
      if (E.isLeft(read)) {
        yield read
        return
      }
      const { events, next, atEnd } = read.right
      for (const event of events) {
        if (stopped()) return
        yield E.right({ _tag: 'Event', event })
      }
      if (next !== position && next !== 'start' && !stopped()) yield E.right({ _tag: 'Checkpoint', position: next })
      position = next
      if (!atEnd) continue
      if (!live && !stopped()) yield E.right({ _tag: 'CaughtUp' })
      live = true
      if (!stopped()) await written.after(seen, signal, pollMs)
    }
  }
