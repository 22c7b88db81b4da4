import * as E from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import { type Failure, failure } from '../../domain/failure.ts'
import type { TaskLedger } from '../ledger.ts'

/** What effects on one key ask of a ledger: any that does these, wrapped or not. */
export type EffectsLedger = Pick<
  TaskLedger,
  'reserve' | 'complete' | 'release' | 'renew' | 'awaitOutcome' | 'reachRecoveryPoint' | 'markInDoubt'
>

/** The same for several keys. */
export type ManyKeysLedger = EffectsLedger & Pick<TaskLedger, 'reserveAll' | 'completeAll' | 'releaseAll'>

/** Runs a use case that a wrapper may have broken: what it throws is a failure, since an effect may have happened. */
export const asked = async <A>(useCase: () => TaskEither<Failure, A>): Promise<E.Either<Failure, A>> => {
  try {
    return await useCase()()
  } catch (cause) {
    return E.left(failure('StoreUnavailable', 'the ledger failed in a way that it should not', { cause }))
  }
}
