import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import type { Json, JsonObject } from '../../../domain/json.ts'
import { mismatch, nullable, type Parsed, refused } from '../../../domain/parsing/parsed.ts'
import { isJsonObject, memberOf, type Reader, readerOf } from '../../../domain/parsing/reader.ts'
import { number, string, strings } from '../../../domain/parsing/values.ts'
import { quoted } from '../../../domain/text.ts'
import { ofCallersJson } from './snake-case.ts'

/**
 * The fields of a JSON object by their names. An optional field may be absent or null, since many languages write
 * their absent values so. Failures name the field by its JSON path.
 */
export type Fields = {
  readonly path: string
  /** Whether a field is there, and not null. */
  readonly has: (name: string) => boolean
  /** The same fields, where there are none but these: a name mistyped would be an option silently left out. */
  readonly only: (names: ReadonlyArray<string>) => Parsed<Fields>
  readonly read: Reader
  readonly text: (name: string) => Parsed<string>
  readonly optionalText: (name: string) => Parsed<string | undefined>
  readonly number: (name: string) => Parsed<number>
  readonly optionalNumber: (name: string) => Parsed<number | undefined>
  readonly texts: (name: string) => Parsed<ReadonlyArray<string>>
  readonly json: (name: string) => Json | undefined
  readonly object: (name: string) => Parsed<Fields>
}

const optionalString = nullable(string)
const optionalNumber = nullable(number)

const fieldsIn = (object: JsonObject, path: string): Fields => {
  const json = (name: string): Json | undefined => memberOf(object, name)
  const reader = readerOf(object, path)
  const read: Reader = (name, parser) => pipe(reader(name, parser), E.mapLeft(ofCallersJson))
  const fields: Fields = {
    path,
    has: (name) => (json(name) ?? null) !== null,
    only: (names) => {
      const unknown = Object.keys(object).find((name) => !names.includes(name))
      if (unknown === undefined) return E.right(fields)
      // the name is quoted as it was written, apart from the path, whose names are the protocol's
      const known = names.join(', ')
      const why = `${path} has no field ${quoted(JSON.stringify(unknown))}; known are ${known}`
      return pipe(refused(why, path), E.mapLeft(ofCallersJson))
    },
    read,
    text: (name) => read(name, string),
    optionalText: (name) => read(name, optionalString),
    number: (name) => read(name, number),
    optionalNumber: (name) => read(name, optionalNumber),
    texts: (name) => read(name, strings),
    json,
    object: (name) => fieldsOf(json(name), `${path}.${name}`)
  }
  return fields
}

/** Reads a JSON value as an object with fields. */
export const fieldsOf = (value: Json | undefined, path = '$'): Parsed<Fields> =>
  isJsonObject(value)
    ? E.right(fieldsIn(value, path))
    : pipe(mismatch(path, 'must be a JSON object', value), E.mapLeft(ofCallersJson))
