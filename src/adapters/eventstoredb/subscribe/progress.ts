import { performance } from 'node:perf_hooks'
import type { LogPosition } from '../read/position.ts'

/** Where a consumer stands in the log, over all its resubscriptions. */
export type Progress = {
  /** The last event that was delivered: nothing up to it is delivered again. */
  event: LogPosition | 'start'
  /** Where to resume: an event's position, or a checkpoint's. */
  resume: LogPosition | 'start'
  /** Whether the consumer was told that it has caught up: once is enough. */
  caughtUp: boolean
  /** When the server last gave a sign of life, by the monotonic clock. */
  aliveAt: number
  everAlive: boolean
  /** How often it was tried in vain since. */
  tries: number
}

export const progressFrom = (start: LogPosition | 'start'): Progress => ({
  event: start,
  resume: start,
  caughtUp: false,
  aliveAt: performance.now(),
  everAlive: false,
  tries: 0
})

/** The server does its work. */
export const stillThere = (progress: Progress): void => {
  progress.aliveAt = performance.now()
  progress.everAlive = true
}

/** It does, and the subscription got further: it is not in vain to try again soon. */
export const alive = (progress: Progress): void => {
  stillThere(progress)
  progress.tries = 0
}
