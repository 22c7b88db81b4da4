import type { StoreError } from '../../application/ports/event-store.ts'
import { sleep } from '../node/timer.ts'
import { isBusy } from './to-store-error.ts'

const longestPauseMs = 8

/** Thrown by an attempt for what may pass as a lock does; at the deadline it is told as this error. */
type Waiting = Error & { readonly waitedFor: StoreError }

export const waiting = (error: StoreError): Waiting => Object.assign(new Error(error.message), { waitedFor: error })

export const isWaiting = (cause: unknown): cause is Waiting => cause instanceof Error && 'waitedFor' in cause

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
      if (!(isWaiting(cause) || isBusy(cause)) || performance.now() >= deadlineAt()) throw cause
    }
    await sleep(Math.random() * longestPauseMs)
  }
}
