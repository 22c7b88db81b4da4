import { codecOf } from './codec-of.ts'

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) > 0

/** How many sightings an event tells of: a safe integer from 1 on. */
export const Count = codecOf('Count', isCount)

/** How many sightings a record had: a safe integer, 0 where there was none. */
export const Total = codecOf('Total', (value): value is number => value === 0 || isCount(value))

/** The sum, and the greatest safe integer where it would pass it: a count that could not be read again helps nobody. */
export const plus = (a: number, b: number): number => Math.min(a + b, Number.MAX_SAFE_INTEGER)

/** How many owners an event names; all of them are counted. */
export const maxOwners = 16

/** Who asked: 16 are named at most. */
export const Owners = codecOf(
  'Owners',
  (value): value is ReadonlyArray<string> =>
    Array.isArray(value) && value.length <= maxOwners && value.every((owner) => typeof owner === 'string')
)
