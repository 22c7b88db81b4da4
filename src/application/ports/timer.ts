import type { IO } from 'fp-ts/IO'
import type { Task } from 'fp-ts/Task'

/** Waiting, and time that never runs backwards. Both are told apart from the clock, which a caller may set. */
export type Timer = {
  /** Milliseconds since some fixed moment. */
  readonly monotonicMs: IO<number>
  /** Sleeps; ends early, and does not fail, once the signal is aborted. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Task<void>
}

/** Lets everybody else have a turn: timers, sockets and whoever waits. */
export type NextTurn = Task<void>
