import { startTimer } from '../node/timer.ts'

/** Tells waiters that something may have happened; they look for themselves what it was. */
export type Notices = {
  /** Wakes whoever waits. */
  readonly notify: () => void
  /** How many notices there have been. */
  readonly count: () => number
  /**
   * Resolves once there have been more notices than `seen`, after `atMostMs` at the latest, or once the signal is
   * aborted: a notice between looking and waiting is not lost.
   */
  readonly after: (seen: number, signal: AbortSignal, atMostMs?: number) => Promise<void>
}

export const notices = (): Notices => {
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
          signal.removeEventListener('abort', wake)
          callOff?.()
          resolve()
        }
        const callOff = atMostMs === undefined ? undefined : startTimer(atMostMs, wake)
        waiters.add(wake)
        if (signal.aborted || notices !== seen) wake()
        else signal.addEventListener('abort', wake)
      })
  }
}
