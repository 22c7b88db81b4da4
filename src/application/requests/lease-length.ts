import * as E from 'fp-ts/Either'
import { Millis } from '../../domain/instant.ts'
import { matching, type Parser } from '../../domain/parsing/parsed.ts'

/** A lease must last: 0 ms is over before it began. */
const isLength = (value: unknown): value is Millis => Millis.is(value) && value > 0

const length = 'must be a whole number of milliseconds from 1 to 2^53 - 1'

export const leaseLength: Parser<Millis> = matching(isLength, length)

const lengthOrNone = matching(
  isLength,
  `${length}, or 'none' for a key that stays held until it is completed or released`
)

/** The same where there may be none: there is no hidden default, so who wants none says so. */
export const leaseOrNone: Parser<Millis | 'none'> = (path, value) =>
  value === 'none' ? E.right(value) : lengthOrNone(path, value)
