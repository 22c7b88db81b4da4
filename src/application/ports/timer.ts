import type { IO } from 'fp-ts/IO'
import type { Task } from 'fp-ts/Task'

/** Waiting, and time that never runs backwards. Both are told apart from the clock, which a caller may set. */
export type Timer = {
  /** Milliseconds since some fixed moment. */
  readonly monotonicMs: IO<number>
  readonly sleep: (ms: number) => Task<void>
}
