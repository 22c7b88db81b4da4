import * as E from 'fp-ts/Either'
import type { Failure } from '../../domain/failure.ts'

/**
 * A failure on its way out of a deep reader: thrown inside the adapters that read JSON, and seen by no caller. It is no
 * error with a stack: to take one for each of a million bad records is most of the time that they take.
 */
export class Refusal {
  readonly failure: Failure
  constructor(failure: Failure) {
    this.failure = failure
  }
}

/** Runs a reader that throws refusals; anything else that it throws is a defect, and goes on its way. */
export const refusing = <A>(read: () => A): E.Either<Failure, A> => {
  try {
    return E.right(read())
  } catch (cause) {
    if (cause instanceof Refusal) return E.left(cause.failure)
    throw cause
  }
}
