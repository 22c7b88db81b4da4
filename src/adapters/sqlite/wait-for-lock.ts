import { setTimeout as sleep } from 'node:timers/promises'
import { isBusy } from './to-store-error.ts'

const longestPauseMs = 8

/**
 * Tries until no lock of another process is in the way, or until the deadline: then it throws what it was refused
 * with. The event loop turns meanwhile. Pauses are short and left to chance, since a lock that others take turns with
 * is free for moments only.
 */
export const waitForLock = async <A>(deadlineAt: () => number, attempt: () => A): Promise<A> => {
  for (;;) {
    try {
      return attempt()
    } catch (cause) {
      if (!isBusy(cause) || performance.now() >= deadlineAt()) throw cause
    }
    await sleep(Math.random() * longestPauseMs)
  }
}
