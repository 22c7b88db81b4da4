import * as E from 'fp-ts/Either'
import type { Failure } from '../domain/failure.ts'
import { KeyfoldError } from './promises.ts'

/** What a function that throws `KeyfoldError` came to; a defect is thrown on. */
export const caught = <A>(work: () => A): E.Either<Failure, A> => {
  try {
    return E.right(work())
  } catch (cause) {
    if (cause instanceof KeyfoldError) return E.left(cause.failure)
    throw cause
  }
}
