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
  /** Since when it is tried in vain, by the monotonic clock: from the start on, or from the first drop after a sign of life. */
  downSince: number | undefined
  /** Whether the server ever gave a sign of life. */
  everAlive: boolean
  /** How often it was tried in vain since. */
  tries: number
}

export const progressFrom = (start: LogPosition | 'start'): Progress => ({
  event: start,
  resume: start,
  caughtUp: false,
  downSince: performance.now(),
  everAlive: false,
  tries: 0
})

/** The server does its work. */
export const stillThere = (progress: Progress): void => {
  progress.downSince = undefined
  progress.everAlive = true
}

/** It does not, or its connection is gone. Silence before that does not count: the log was idle, or the consumer busy. */
export const down = (progress: Progress): number => {
  progress.downSince ??= performance.now()
  return progress.downSince
}

/** It does, and the subscription got further: it is not in vain to try again soon. */
export const alive = (progress: Progress): void => {
  stillThere(progress)
  progress.tries = 0
}
