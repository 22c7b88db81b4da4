import { abortWatch } from '../ports/abort-watch.ts'
import { type Beat, heartbeat } from './heartbeat.ts'
import type { Holding } from './holding.ts'
import { lapsesInMs, type Moment } from './lease-schedule.ts'
import type { OnceRules } from './once-options.ts'
import { momentNow, type Surroundings } from './surroundings.ts'
import { type AbortCause, TaskAborted } from './task-aborted.ts'

const onAbort = abortWatch()

/** What watches over a task while it runs. */
export type Supervision = {
  /** Aborted with a `TaskAborted` where the task is to stop. */
  readonly signal: AbortSignal
  /** Tells the task to stop. Nothing is renewed from then on. */
  readonly stop: (why: AbortCause) => void
  /** Tells what the task left running to stop. The lease is renewed for as long as it takes to record how it ended. */
  readonly abandon: () => void
  /** How long the claim is known to be held, ms. */
  readonly leftMs: () => number
  /** How long until the lease is over for everybody, ms, where that is known. */
  readonly lapsesInMs: () => number | undefined
  readonly end: () => void
}

/** Renews the lease, and tells the task to stop where the claim is lost, its time is over, or its caller gives up. */
export const supervise = (
  surroundings: Surroundings,
  { lease, maxDurationMs, signal: callers }: Pick<OnceRules<unknown>, 'lease' | 'maxDurationMs' | 'signal'>,
  holding: Holding,
  since: Moment
): Supervision => {
  const { timer, clockSkewMs } = surroundings
  const control = new AbortController()
  const over = new AbortController()

  const abort = (why: AbortCause, cause?: unknown): void => {
    if (!control.signal.aborted) control.abort(new TaskAborted(why, cause))
  }
  let beat: Beat | undefined
  const stop = (why: AbortCause, cause?: unknown): void => {
    beat?.stop()
    abort(why, cause)
  }
  // it may be lost before it beats once
  beat = heartbeat(surroundings, holding, lease, since, (why) => stop(why))
  const { leftMs, leaseExpiresAtMs } = beat

  /** A signal that cannot be listened to cannot be heeded either. */
  const watchCaller = (): (() => void) | undefined => {
    const giveUp = (): void => stop('CallerAborted', callers?.reason)
    try {
      if (callers?.aborted) giveUp()
      return callers && onAbort(callers, giveUp)
    } catch (cause) {
      stop('CallerAborted', cause)
      return undefined
    }
  }

  const limitDuration = async (ms: number): Promise<void> => {
    await timer.sleep(ms, over.signal)()
    if (!over.signal.aborted) stop('MaxDuration')
  }

  const unwatch = watchCaller()
  if (maxDurationMs !== undefined) limitDuration(maxDurationMs).catch(() => stop('MaxDuration'))
  return {
    signal: control.signal,
    stop,
    abandon: () => abort('TaskEnded'),
    leftMs,
    lapsesInMs: () => lapsesInMs(leaseExpiresAtMs(), clockSkewMs, momentNow(surroundings)),
    end: () => {
      beat.stop()
      over.abort()
      unwatch?.()
    }
  }
}
