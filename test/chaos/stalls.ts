import { performance } from 'node:perf_hooks'

/** When this process was held up: a machine that has too much to do runs no timer in time, nobody's. */
export type Stalls = {
  /** For how long of a span, by the monotonic clock, ms. */
  readonly within: (from: number, to: number) => number
  readonly stop: () => void
}

const beatMs = 10

export const watchStalls = (): Stalls => {
  const stalls: Array<{ readonly from: number; readonly to: number }> = []
  let last = performance.now()
  const timer = setInterval(() => {
    const now = performance.now()
    if (now - last > 2 * beatMs) stalls.push({ from: last + beatMs, to: now })
    last = now
  }, beatMs)
  return {
    within: (from, to) =>
      stalls.reduce((sum, stall) => sum + Math.max(0, Math.min(to, stall.to) - Math.max(from, stall.from)), 0),
    stop: () => clearInterval(timer)
  }
}
