import type { Millis } from '../../domain/instant.ts'
import { type Parser, refused } from '../../domain/parsing/parsed.ts'
import { millis } from '../../domain/parsing/values.ts'

/** A lease must last: 0 ms is over before it began. */
export const leaseLength: Parser<Millis> = (path, value) =>
  value === 0 ? refused(`${path} must be longer than 0 ms`, path) : millis(path, value)
