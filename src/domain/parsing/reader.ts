import * as E from 'fp-ts/Either'
import type { Json, JsonObject } from '../json.ts'
import type { Parsed, Parser } from './parsed.ts'

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A member of the object itself: a name like `constructor` finds nothing that was not written. */
export const memberOf = (object: JsonObject, name: string): Json | undefined =>
  Object.hasOwn(object, name) ? object[name] : undefined

/** Parses the members of one JSON object, by their names. */
export type Reader = <A>(name: string, parser: Parser<A, Json | undefined>) => Parsed<A>

export const readerOf =
  (object: JsonObject, path: string): Reader =>
  (name, parser) => {
    const value = memberOf(object, name)
    const parsed = parser(name, value)
    // the path is put together only where there is a fault to name: a file has a million members, and few faults
    return E.isLeft(parsed) ? parser(`${path}.${name}`, value) : parsed
  }
