import { performance } from 'node:perf_hooks'
import { onTestFinished, vi } from 'vitest'

/** Puts the monotonic clock forward until the test ends, while timers run as ever. */
export const clockAhead = (ms: number): void => {
  const now = performance.now.bind(performance)
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => now() + ms)
  onTestFinished(() => clock.mockRestore())
}
