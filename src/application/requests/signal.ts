import * as E from 'fp-ts/Either'
import { matching, optional, type Parsed, type Parser } from '../../domain/parsing/parsed.ts'
import { reading } from '../../domain/parsing/reading.ts'

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

const shaped = matching(isSignal, 'must be an AbortSignal')

const nothing = (): void => {}

const known = new WeakSet<AbortSignal>()

/** Listens for a moment, the first time that it is given: one of another make that throws there would do so amid a command. */
const heard = (given: AbortSignal): Parsed<AbortSignal> => {
  if (!known.has(given)) {
    given.addEventListener('abort', nothing)
    given.removeEventListener('abort', nothing)
    known.add(given)
  }
  return E.right(given)
}

export const signal: Parser<AbortSignal | undefined> = optional((path, value, name) =>
  reading(path, () => {
    const parsed = shaped(path, value, name)
    return E.isLeft(parsed) ? parsed : heard(parsed.right)
  })
)
