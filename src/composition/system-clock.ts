import type { Clock } from '../application/ports/clock.ts'

/** Looked up when it is asked: a test may put another in its place. */
export const systemClock: Clock = () => Date.now()
