import * as E from 'fp-ts/Either'
import { mismatch, type Parsed, type Parser } from '../../domain/parsing/parsed.ts'
import { reading } from '../../domain/parsing/reading.ts'
import type { Settings } from '../settings.ts'

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
