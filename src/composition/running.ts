import * as E from 'fp-ts/Either'
import type { Claiming } from '../application/effects/claiming.ts'
import type { OnceAnswer } from '../application/effects/once-answer.ts'
import type { Work } from '../application/effects/once-options.ts'
import type { FixedWork } from '../application/effects/parse-work.ts'
import { type OnceFailure, runOnce } from '../application/effects/run-once.ts'
import type { Failure } from '../domain/failure.ts'
import { refused } from '../domain/parsing/parsed.ts'
import { reading } from '../domain/parsing/reading.ts'
import { isMembers } from '../domain/parsing/values.ts'
import { surroundingsOf } from './surroundings-of.ts'

/** Which keys are claimed of a ledger for a piece of work. */
export type ClaimingOf = (work: Pick<FixedWork<never, never>, 'requests'>) => Claiming

/** Runs work over the ledger that was given, once both are found to be what they must be. */
export const running = async <A, E>(
  given: object,
  claiming: ClaimingOf,
  read: () => E.Either<Failure, Work<A, E>>
): Promise<E.Either<OnceFailure, OnceAnswer<A>>> => {
  const work = isMembers(given) ? reading('$', read) : refused('$.ledger must be a ledger', '$.ledger')
  return E.isLeft(work) ? work : runOnce(surroundingsOf(given, work.right.rules), claiming, work.right)
}
