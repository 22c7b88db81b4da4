import { performance } from 'node:perf_hooks'
import type { Position as ClientPosition } from '@eventstore/db-client'

/** Where a consumer stands in the log, over all its resubscriptions. */
export type Progress = {
  /** The last event that was delivered: nothing up to it is delivered again. */
  event: ClientPosition | 'start'
  /** Where to resume: an event's position, or a checkpoint's. */
  resume: ClientPosition | 'start'
  /** Whether the consumer was told that it has caught up: once is enough. */
  caughtUp: boolean
  /** When the server last gave a sign of life, by the monotonic clock. */
  aliveAt: number
  everAlive: boolean
  /** How often it was tried in vain since. */
  tries: number
}

export const progressFrom = (start: ClientPosition | 'start'): Progress => ({
  event: start,
  resume: start,
  caughtUp: false,
  aliveAt: performance.now(),
  everAlive: false,
  tries: 0
})

export const alive = (progress: Progress): void => {
  progress.aliveAt = performance.now()
  progress.everAlive = true
  progress.tries = 0
}
