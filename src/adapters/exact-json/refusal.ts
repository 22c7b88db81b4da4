import * as E from 'fp-ts/Either'
import type { Failure } from '../../domain/failure.ts'
import type { Parsed } from '../../domain/parsing/parsed.ts'

/**
 * A failure on its way out of the depth of a text: thrown inside this folder, and seen by nobody outside it. An `Either`
 * for each of a text's values would be most of what reading it costs. It is no error with a stack either: to take one
 * for each of a million bad records is most of the time that they take.
 */
export class Refusal {
  readonly failure: Failure
  constructor(failure: Failure) {
    this.failure = failure
  }
}

/** Runs a reader that throws refusals; anything else that it throws is a defect, and goes on its way. */
export const refusing = <A>(read: () => A): Parsed<A> => {
  try {
    return E.right(read())
  } catch (cause) {
    if (cause instanceof Refusal) return E.left(cause.failure)
    throw cause
  }
}
