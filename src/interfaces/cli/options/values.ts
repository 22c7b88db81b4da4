import { InvalidArgumentError } from 'commander'
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import { parseDuration } from './duration.ts'
import { parseTime } from './time-text.ts'

const orInvalid =
  <A>(parse: (text: string) => E.Either<string, A>) =>
  (text: string): A => {
    const parsed = parse(text)
    if (E.isLeft(parsed)) throw new InvalidArgumentError(parsed.left)
    return parsed.right
  }

export const duration = orInvalid(parseDuration)

/** Between one time and the next: of none there would be no end. */
export const interval = orInvalid((text) =>
  pipe(
    parseDuration(text),
    E.filterOrElse(
      (ms) => ms > 0,
      () => 'Give a length of time above 0.'
    )
  )
)

export const lease = orInvalid<number | 'none'>((text) =>
  text === 'none'
    ? E.right(text)
    : pipe(
        parseDuration(text),
        E.mapLeft((why) => `${why} Or none.`)
      )
)

/** Where it is given from now on it is no number yet: `settleTimes` makes it one before the command sees it. */
export const moment = orInvalid(parseTime)

export const count = orInvalid((text) =>
  /^\d{1,15}$/.test(text) ? E.right(Number(text)) : E.left('Give a whole number.')
)
