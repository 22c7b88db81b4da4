import type { Either } from 'fp-ts/Either'
import type { Answer } from '../domain/answers.ts'
import type { Claim } from '../domain/claim.ts'
import type { Command } from '../domain/commands.ts'
import type { Failure } from '../domain/failure.ts'
import type { Instant } from '../domain/instant.ts'
import type { Context } from './attempt.ts'

/** A command on its way: what it says at a given time, and what goes with it. */
export type Submission<C extends Command = Command> = {
  /** The command at a time. A clock's time is taken anew at each decision, a caller's is kept. */
  readonly at: (atMs: Instant) => C
  readonly nowMs: Instant | undefined
  readonly context: Context
  readonly signal: AbortSignal | undefined
  /** Whether it is worth trying before anything is read: a reserve, which is mostly the first of its key. */
  readonly firstTry: boolean
  /** About how many bytes its events add to an append. */
  readonly weight: number
}

/** A submission in its key's queue. */
export type Pending = {
  readonly submission: Submission
  /** Moment of the monotonic timer after which it is not tried again. */
  readonly deadlineAt: number
  readonly settle: (result: Either<Failure, Answer>) => void
}

/** The claim in an answer that grants one. */
export const claimIn = (answer: Answer): Claim | undefined => (answer._tag === 'Reserved' ? answer.claim : undefined)
