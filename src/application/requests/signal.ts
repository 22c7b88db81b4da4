import { matching, optional, type Parser } from '../../domain/parsing/parsed.ts'

/** By its shape: a signal may come from another realm, as in a test runner. */
const isSignal = (given: unknown): given is AbortSignal =>
  typeof given === 'object' &&
  given !== null &&
  'aborted' in given &&
  'addEventListener' in given &&
  typeof given.aborted === 'boolean' &&
  typeof given.addEventListener === 'function' &&
  'removeEventListener' in given &&
  typeof given.removeEventListener === 'function'

export const signal: Parser<AbortSignal | undefined> = optional(matching(isSignal, 'must be an AbortSignal'))
