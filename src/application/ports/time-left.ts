import type { Timer } from './timer.ts'

/** What is left of a command's time, for a store to keep to: whole milliseconds, and one at least. */
export const timeLeft = ({ monotonicMs }: Timer, deadlineAt: number): number =>
  Math.max(1, Math.ceil(deadlineAt - monotonicMs()))
