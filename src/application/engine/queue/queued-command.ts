import * as E from 'fp-ts/Either'
import type { IO } from 'fp-ts/IO'
import type { Answer } from '../../../domain/answers.ts'
import { type Failure, failure } from '../../../domain/failure.ts'
import type { Submission } from '../submission.ts'
import type { Waiting } from '../watch/alarm-queue.ts'

/** How far the loop has come with a command. It writes here what becomes of it should its time run out. */
export type Course = {
  settled: boolean
  /** Whether the loop has it, or it left the queue before that; and what it weighed there. */
  taken: boolean
  withdrawn: boolean
  bytes: number
  /** How often others wrote first, and why it is tried no more. */
  conflicts: number
  refusal: Failure | undefined
  /** What it is answered when its time is over. */
  whenOver: IO<E.Either<Failure, Answer | undefined>>
  /** Called once most of its time is over. */
  whenLate: IO<void> | undefined
  /** Called after it was answered from outside the loop. */
  moveOn: IO<void> | undefined
  /** Turns a failure into one that does not say that nothing was written, where something was. */
  trace: ((cause: Failure) => Failure) | undefined
}

/**
 * A submission in its key's queue, and in that of the alarm for its time. One without a submission is a flush: it asks for
 * nothing but that the counts are written that wait on its key.
 */
export type QueuedCommand = Waiting & {
  readonly submission: Submission | undefined
  /** Moments of the monotonic timer: after the first there is only time to look, after the second none. */
  readonly lateAt: number
  readonly deadlineAt: number
  readonly course: Course
  /** Takes it out of its key's queue, and tells whether it was there: not once the loop has it. */
  withdraw: IO<boolean>
  /** Answers it; only the first answer counts. */
  readonly settle: (result: E.Either<Failure, Answer | undefined>) => void
}

/** The answer where time ran out before anything of a command was sent to the store. */
export const notBegun = E.left(
  failure('StoreTimeout', 'the store did not answer in time; nothing of this command was sent to it')
)

const answerNotBegun = (): E.Either<Failure, Answer> => notBegun

const notQueued = (): boolean => false

export const queuedCommandOf = (
  submission: Submission | undefined,
  { lateAt, deadlineAt }: Pick<QueuedCommand, 'lateAt' | 'deadlineAt'>,
  answer: (result: E.Either<Failure, Answer | undefined>) => void
): QueuedCommand => {
  const course: Course = {
    settled: false,
    taken: false,
    withdrawn: false,
    bytes: 0,
    conflicts: 0,
    refusal: undefined,
    whenOver: answerNotBegun,
    whenLate: undefined,
    moveOn: undefined,
    trace: undefined
  }
  // written out field by field: it is made for every command
  return {
    at: 0,
    queue: undefined,
    earlier: undefined,
    later: undefined,
    submission,
    lateAt,
    deadlineAt,
    course,
    withdraw: notQueued,
    settle: (result) => {
      if (course.settled) return
      course.settled = true
      // garbage, too, is walked and copied until a full collection finds it: what it was tried with goes at once
      course.whenOver = answerNotBegun
      course.whenLate = undefined
      course.moveOn = undefined
      answer(course.trace === undefined ? result : E.mapLeft(course.trace)(result))
    }
  }
}

/** How many bytes it adds to an append, at least about. */
export const weightOf = ({ submission }: QueuedCommand): number => submission?.weight() ?? 0

export const isFlush = ({ submission }: QueuedCommand): boolean => submission === undefined

export const isSettled = ({ course }: QueuedCommand): boolean => course.settled

/** Answers a command although the loop is not done with it. */
export const settleFromOutside = (queued: QueuedCommand, result: E.Either<Failure, Answer | undefined>): void => {
  const { moveOn } = queued.course
  queued.settle(result)
  moveOn?.()
}
