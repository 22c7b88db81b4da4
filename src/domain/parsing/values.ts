import * as E from 'fp-ts/Either'
import { Instant, Millis } from '../instant.ts'
import { matching, mismatch, optional, type Parser, refused } from './parsed.ts'

/** An object of which nothing is known but that it has members. */
export type Members = { readonly [name: string]: unknown }

export const isMembers = (value: unknown): value is Members => typeof value === 'object' && value !== null

const isString = (value: unknown): value is string => typeof value === 'string'

export const string: Parser<string> = matching(isString, 'must be a string')

const filledString = matching(isString, 'must be a string that is not empty')

export const filled: Parser<string> = (path, value, name = path) =>
  value === '' ? refused(`${name} cannot be empty`, path) : filledString(path, value, name)

export const strings: Parser<ReadonlyArray<string>> = (path, value, name = path) => {
  if (!Array.isArray(value)) return mismatch(path, 'must be a list of strings', value, name)
  const items: Array<string> = []
  for (const [index, given] of value.entries()) {
    const item = string(`${path}[${index}]`, given)
    if (E.isLeft(item)) return item
    items.push(item.right)
  }
  return E.right(items)
}

export const number: Parser<number> = matching((value) => typeof value === 'number', 'must be a number')

export const bool: Parser<boolean> = matching((value) => typeof value === 'boolean', 'must be true or false')

export const isFunction = (value: unknown): value is (...args: ReadonlyArray<never>) => unknown =>
  typeof value === 'function'

export const func = matching(isFunction, 'must be a function')

const time = 'must be a whole number of milliseconds from 0 to 2^53 - 1'

export const instant: Parser<Instant> = matching(Instant.is, time)

export const optionalInstant: Parser<Instant | undefined> = optional(instant)

export const millis: Parser<Millis> = matching(Millis.is, time)
