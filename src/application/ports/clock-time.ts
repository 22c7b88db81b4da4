import * as E from 'fp-ts/Either'
import { type Failure, failure } from '../../domain/failure.ts'
import { Instant } from '../../domain/instant.ts'
import { quoted } from '../../domain/text.ts'
import type { Clock } from './clock.ts'

/** The present by a clock. One that throws, or gives what is no time that keyfold can store, is `InvalidInput`. */
export const clockTime = (clock: Clock): E.Either<Failure, Instant> => {
  try {
    const now: unknown = clock()
    return Instant.is(now)
      ? E.right(now)
      : E.left(failure('InvalidInput', `the clock gave ${quoted(String(now))}, which is no time`))
  } catch (cause) {
    return E.left(failure('InvalidInput', 'the clock failed', { cause }))
  }
}
