import * as E from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import { type Failure, failure } from '../../domain/failure.ts'
import { isMembers } from '../../domain/parsing/values.ts'
import type { TaskLedger } from '../ledger.ts'

/** What effects on one key ask of a ledger: any that does these, wrapped or not. */
export type EffectsLedger = Pick<
  TaskLedger,
  'reserve' | 'complete' | 'release' | 'renew' | 'awaitOutcome' | 'reachRecoveryPoint' | 'markInDoubt' | 'history'
>

/** The same for several keys. */
export type ManyKeysLedger = EffectsLedger & Pick<TaskLedger, 'reserveAll' | 'completeAll' | 'releaseAll'>

const isTagged = (value: unknown): boolean => isMembers(value) && typeof value['_tag'] === 'string'

/** Every use case answers with a list, or with an object that has a tag. */
const isAnswer = <A>(given: E.Either<Failure, A>): boolean => {
  if (!isMembers(given)) return false
  return E.isRight(given)
    ? Array.isArray(given.right) || isTagged(given.right)
    : E.isLeft(given) && isTagged(given.left)
}

/** A ledger, or a wrapper, that answers what is no answer. */
export const broken = (cause?: unknown): E.Either<Failure, never> =>
  E.left(failure('StoreUnavailable', 'the ledger failed in a way that it should not', { cause }))

/**
 * Runs a use case that a wrapper may have broken: what it throws, or answers that is no answer, is a failure, since an
 * effect may have happened.
 */
export const asked = async <A>(useCase: () => TaskEither<Failure, A>): Promise<E.Either<Failure, A>> => {
  try {
    const answer = await useCase()()
    return isAnswer(answer) ? answer : broken(answer)
  } catch (cause) {
    return broken(cause)
  }
}
