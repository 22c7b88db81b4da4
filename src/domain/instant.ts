import * as t from 'io-ts'

export interface InstantBrand {
  readonly Instant: unique symbol
}
export interface MillisBrand {
  readonly Millis: unique symbol
}

const isTime = (n: number): boolean => Number.isSafeInteger(n) && n >= 0

/** A moment in epoch milliseconds: a safe, non-negative integer. */
export type Instant = number & t.Brand<InstantBrand>

export const Instant = t.brand(t.number, (n): n is t.Branded<number, InstantBrand> => isTime(n), 'Instant')

/** The last moment that there is. */
export const latestInstant = Number.MAX_SAFE_INTEGER as Instant

/** A length of time in milliseconds: a safe, non-negative integer. Never an `Instant`. */
export type Millis = number & t.Brand<MillisBrand>

export const Millis = t.brand(t.number, (n): n is t.Branded<number, MillisBrand> => isTime(n), 'Millis')

/** The moment `length` after `from`, or undefined where it lies beyond the safe integers. */
export const after = (from: Instant, length: Millis): Instant | undefined => {
  const sum = from + length
  return Instant.is(sum) ? sum : undefined
}

export const latest = (a: Instant, b: Instant): Instant => (a < b ? b : a)
