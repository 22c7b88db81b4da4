import * as E from 'fp-ts/Either'
import type { Failure } from '../../domain/failure.ts'
import { acquire } from './acquire.ts'
import type { Claiming } from './claiming.ts'
import type { OnceAnswer } from './once-answer.ts'
import type { Work } from './once-options.ts'
import { type FixedWork, parseWork } from './parse-work.ts'
import { codecFrom } from './result-codec.ts'
import type { ResultUnreadable } from './result-unreadable.ts'
import { runTask } from './run-task.ts'
import type { Surroundings } from './surroundings.ts'

/** Why there is no answer: a failure before the task started, its own cancellation, or a stored result that cannot be read. */
export type OnceFailure = Failure | ResultUnreadable

/** Reserves, runs, renews meanwhile, and completes (SPEC section 11). */
export const runOnce = async <A, E>(
  surroundings: Surroundings,
  claiming: (work: FixedWork<A, E>) => Claiming,
  given: Work<A, E>
): Promise<E.Either<OnceFailure, OnceAnswer<A>>> => {
  const work = parseWork(surroundings, given)
  if (E.isLeft(work)) return work
  const { rules, requests } = work.right
  const { timer } = surroundings
  const codec = codecFrom(rules.result, { timer, patienceMs: rules.lease, signal: rules.signal })
  const waitMs = typeof rules.inFlight === 'object' ? rules.inFlight.wait : 0
  const acquired = await acquire(surroundings, claiming(work.right), requests, waitMs, codec)
  if (E.isLeft(acquired)) return acquired
  return acquired.right._tag === 'Answer'
    ? E.right(acquired.right.answer)
    : runTask(surroundings, work.right, acquired.right.holding, acquired.right.since, codec)
}
