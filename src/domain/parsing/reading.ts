import * as E from 'fp-ts/Either'
import { failure } from '../failure.ts'
import type { Parsed } from './parsed.ts'

/** Reads what a caller gave; a getter or a proxy that throws there is the caller's fault. */
export const reading = <A>(path: string, parse: () => Parsed<A>): Parsed<A> => {
  try {
    return parse()
  } catch (cause) {
    return E.left(failure('InvalidInput', `${path} cannot be read`, { path, cause }))
  }
}
