import * as E from 'fp-ts/Either'
import { Millis } from '../../domain/instant.ts'
import { matching, nullable, type Parser } from '../../domain/parsing/parsed.ts'

/** A lease must last: 0 ms is over before it began. */
const isLength = (value: unknown): value is Millis => Millis.is(value) && value > 0

const length = 'must be a whole number of milliseconds from 1 to 2^53 - 1'
const withoutEnd = 'for a key that stays held until it is completed or released'

export const leaseLength: Parser<Millis> = matching(isLength, length)

/** The same where several keys are reserved: what is not reserved with the others must run out by itself. */
export const leaseOfEach: Parser<Millis> = matching(
  isLength,
  `${length}: where several keys are reserved each has a lease`
)

const lengthOrNone = matching(isLength, `${length}, or 'none' ${withoutEnd}`)

/** The same where there may be none: there is no hidden default, so who wants none says so. */
export const leaseOrNone: Parser<Millis | 'none'> = (path, value) =>
  value === 'none' ? E.right(value) : lengthOrNone(path, value)

/** The same where none is written by leaving it out, as in a line of `batch`. */
export const leaseOrLeftOut: Parser<Millis | undefined> = nullable(
  matching(isLength, `${length}, or left out ${withoutEnd}`)
)
