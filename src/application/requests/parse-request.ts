import * as E from 'fp-ts/Either'
import { failure } from '../../domain/failure.ts'
import { mismatch, type Parsed, type Parser } from '../../domain/parsing/parsed.ts'
import type { Settings } from '../settings.ts'

/** Reads what a caller gave; a getter or a proxy that throws there is the caller's fault. */
export const reading = <A>(path: string, parse: () => Parsed<A>): Parsed<A> => {
  try {
    return parse()
  } catch (cause) {
    return E.left(failure('InvalidInput', `${path} cannot be read`, { path, cause }))
  }
}

/** Parses a request that may be anything at all; `known` judges the names of its members. */
export const parseRequest = <R, A, S extends Partial<Settings>>(
  settings: S,
  parse: (settings: S, request: R) => Parsed<A>,
  request: R,
  known: Parser<unknown>
): Parsed<A> =>
  typeof request === 'object' && request !== null
    ? reading('$', () => {
        const named = known('$', request)
        return E.isLeft(named) ? named : parse(settings, request)
      })
    : mismatch('$', 'must be an object', request, 'a request')
