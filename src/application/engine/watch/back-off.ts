import type { Task } from 'fp-ts/Task'
import type { Settings } from '../../settings.ts'

const firstMs = 2
const maxMs = 250

/** So many waits take some 130 ms in all. */
export const fewWaits = 7

/** Waits before try number `attempt + 1`: full jitter below an exponential ceiling, never past the deadline. */
export const pause =
  ({ timer, random }: Pick<Settings, 'timer' | 'random'>, attempt: number, deadlineAt: number): Task<void> =>
  () => {
    const ceiling = Math.min(maxMs, firstMs * 2 ** attempt)
    const left = Math.max(0, deadlineAt - timer.monotonicMs())
    return timer.sleep(Math.min(left, random.fraction() * ceiling))()
  }
