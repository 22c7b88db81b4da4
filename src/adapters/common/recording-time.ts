import * as E from 'fp-ts/Either'
import type { StoreError } from '../../application/ports/event-store.ts'
import { invalidInput } from '../../domain/failure.ts'
import { Instant } from '../../domain/instant.ts'

/** Looked up when it is asked: a test may put another clock in its place after the store was opened. */
export const systemTime = (): number => Date.now()

/** The time that a store records, of a clock that the caller gave: one that tells no time must not be written down. */
export const recordingTime = (now: () => number): E.Either<StoreError, Instant> => {
  try {
    const time = now()
    if (Instant.is(time)) return E.right(time)
    return E.left(invalidInput('the time of recording must be a whole number of epoch milliseconds', '$.now'))
  } catch (cause) {
    return E.left({ ...invalidInput('the time of recording cannot be told: now failed', '$.now'), cause })
  }
}
