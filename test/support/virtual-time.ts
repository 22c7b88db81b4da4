import type { Timer } from '../../src/application/ports/timer.ts'

/** Time that goes by only when it is told to, or when everybody sleeps. */
export type VirtualTime = Timer & {
  /** Lets time go by; whoever has slept long enough wakes, in order. */
  readonly pass: (ms: number) => void
  /** How long everybody wanted to sleep, in order. */
  readonly slept: ReadonlyArray<number>
  /** How many are asleep. */
  readonly sleeping: () => number
}

type Sleeper = { readonly until: number; readonly wake: () => void }

/**
 * Virtual time. Where it is `eager`, it jumps to whoever wakes next as soon as nothing else is to be done, so that back-off
 * takes no time at all; else it stands still until it is told to pass.
 */
export const virtualTime = ({ eager = true }: { readonly eager?: boolean } = {}): VirtualTime => {
  let now = 0
  const slept: Array<number> = []
  const sleepers = new Set<Sleeper>()

  const passTo = (moment: number): void => {
    now = Math.max(now, moment)
    for (const sleeper of [...sleepers].sort((a, b) => a.until - b.until)) {
      if (sleeper.until <= now && sleepers.delete(sleeper)) sleeper.wake()
    }
  }

  const jump = (): void => {
    const next = Math.min(...[...sleepers].map(({ until }) => until))
    if (next < Number.POSITIVE_INFINITY) passTo(next)
  }

  return {
    monotonicMs: () => now,
    sleep: (ms, signal) => () =>
      new Promise((wake) => {
        slept.push(ms)
        const end = (): void => {
          if (sleepers.delete(sleeper)) sleeper.wake()
        }
        const sleeper: Sleeper = {
          until: now + ms,
          wake: () => {
            signal?.removeEventListener('abort', end)
            wake()
          }
        }
        if (signal?.aborted) return wake()
        sleepers.add(sleeper)
        signal?.addEventListener('abort', end)
        if (eager) setImmediate(jump)
      }),
    pass: (ms) => passTo(now + ms),
    slept,
    sleeping: () => sleepers.size
  }
}
