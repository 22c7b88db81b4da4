import * as E from 'fp-ts/Either'
import { type Failure, failure } from '../../domain/failure.ts'
import { telling } from '../ports/listening.ts'

/** Tells listeners of some work, which ends by the first of them that throws, or rejects. */
export type Hearing = {
  readonly heard: <A extends ReadonlyArray<unknown>>(
    listener: ((...told: A) => void) | undefined
  ) => (...told: A) => void
  /** What the work came to: `Aborted`, with what was thrown, where a listener ended it. */
  readonly outcome: <B>(ended: E.Either<Failure, B>) => E.Either<Failure, B>
}

export const hearing = (work: string, halt: () => void): Hearing => {
  let fault: Failure | undefined
  const failed = (cause: unknown): void => {
    fault ??= failure('Aborted', `a listener of ${work} threw`, { cause })
    halt()
  }
  return {
    heard: (listener) => telling(listener, failed),
    outcome: (ended) => (fault === undefined ? ended : E.left(fault))
  }
}
