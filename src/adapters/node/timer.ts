import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Timer } from '../../application/ports/timer.ts'

export const nodeTimer: Timer = {
  monotonicMs: () => performance.now(),
  sleep: (ms, signal) => () => sleep(ms, undefined, { ...(signal && { signal }) }).catch(() => undefined)
}
