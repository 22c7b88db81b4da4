import * as E from 'fp-ts/Either'
import type { Claiming } from '../application/effects/claiming.ts'
import type { OnceAnswer } from '../application/effects/once-answer.ts'
import type { Work } from '../application/effects/once-options.ts'
import type { FixedWork } from '../application/effects/parse-work.ts'
import { type OnceFailure, runOnce } from '../application/effects/run-once.ts'
import { mismatch, type Parsed } from '../domain/parsing/parsed.ts'
import { reading } from '../domain/parsing/reading.ts'
import { isMembers } from '../domain/parsing/values.ts'
import { surroundingsOf } from './surroundings-of.ts'

/** Which keys are claimed of a ledger for a piece of work. */
export type ClaimingOf = (work: Pick<FixedWork<never, never>, 'requests'>) => Claiming

const workIn = <A, E>(given: object, options: object, read: () => Parsed<Work<A, E>>): Parsed<Work<A, E>> => {
  if (!isMembers(given)) return mismatch('$.ledger', 'must be a ledger', given)
  return isMembers(options) ? reading('$', read) : mismatch('$', 'must be an object', options, 'the options')
}

/** Runs work over the ledger that was given, once it and the options are found to be what they must be. */
export const running = async <A, E>(
  given: object,
  claiming: ClaimingOf,
  options: object,
  read: () => Parsed<Work<A, E>>
): Promise<E.Either<OnceFailure, OnceAnswer<A>>> => {
  const work = workIn(given, options, read)
  return E.isLeft(work) ? work : runOnce(surroundingsOf(given, work.right.rules), claiming, work.right)
}
