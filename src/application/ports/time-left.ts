import type { Timer } from './timer.ts'

/** What is kept back at most, ms: more than a store takes to notice that its time is over, and to say so. */
const mostKeptBackMs = 100

/** Of little time, this part is kept back. */
const partKeptBack = 0.25

/**
 * What a store is to keep to of a command's time: whole milliseconds, and one at least. It is less than what is left. A
 * store that knows at its end that nothing was written has to say so before the command is answered without it.
 */
export const timeLeft = ({ monotonicMs }: Timer, deadlineAt: number): number => {
  const leftMs = deadlineAt - monotonicMs()
  return Math.max(1, Math.floor(leftMs - Math.min(mostKeptBackMs, leftMs * partKeptBack)))
}
