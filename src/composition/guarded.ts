import { nodeTimer } from '../adapters/node/timer.ts'
import type { Random } from '../application/ports/random.ts'
import type { Timer } from '../application/ports/timer.ts'

/** A caller's own chance, whose jitter never fails: it is not worth a task, or a wait. */
export const guardedRandom = (random: Random): Random => ({
  uuid: () => random.uuid(),
  fraction: () => {
    try {
      const fraction = random.fraction()
      return fraction >= 0 && fraction < 1 ? fraction : 0.5
    } catch {
      return 0.5
    }
  }
})

/**
 * A caller's own timer, whose sleep never fails: what it cannot sleep is slept by the system's. Nobody may wait for ever, or
 * without a rest, because of it.
 */
export const guardedTimer = (timer: Timer): Timer => ({
  monotonicMs: () => timer.monotonicMs(),
  sleep: (ms, signal) => async () => {
    try {
      await timer.sleep(ms, signal)()
    } catch {
      await nodeTimer.sleep(ms, signal)()
    }
  }
})
