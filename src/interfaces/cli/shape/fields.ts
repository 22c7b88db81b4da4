import * as E from 'fp-ts/Either'
import type { Parsed } from '../../../application/requests/parse.ts'
import { invalidInput } from '../../../domain/failure.ts'
import type { Json } from '../../../domain/json.ts'
import { quoted } from '../../../domain/text.ts'

export type JsonObject = { readonly [field: string]: Json }

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

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
  readonly text: (name: string) => Parsed<string>
  readonly optionalText: (name: string) => Parsed<string | undefined>
  readonly number: (name: string) => Parsed<number>
  readonly optionalNumber: (name: string) => Parsed<number | undefined>
  readonly texts: (name: string) => Parsed<ReadonlyArray<string>>
  readonly json: (name: string) => Json | undefined
  readonly object: (name: string) => Parsed<Fields>
}

const wrong = (path: string, wanted: string): E.Either<ReturnType<typeof invalidInput>, never> =>
  E.left(invalidInput(`${path} must be ${wanted}`, path))

const texts = (value: Json | undefined, path: string): Parsed<ReadonlyArray<string>> => {
  if (!Array.isArray(value)) return wrong(path, 'a list of strings')
  const parts: Array<string> = []
  for (const [index, part] of value.entries()) {
    if (typeof part !== 'string') return wrong(`${path}[${index}]`, 'a string')
    parts.push(part)
  }
  return E.right(parts)
}

const reader = (object: JsonObject, path: string): Fields => {
  const value = (name: string): Json | undefined => (Object.hasOwn(object, name) ? object[name] : undefined)
  const isAbsent = (name: string): boolean => value(name) === undefined || value(name) === null
  const text: Fields['text'] = (name) => {
    const given = value(name)
    return typeof given === 'string' ? E.right(given) : wrong(`${path}.${name}`, 'a string')
  }
  const number: Fields['number'] = (name) => {
    const given = value(name)
    return typeof given === 'number' ? E.right(given) : wrong(`${path}.${name}`, 'a number')
  }
  const only: Fields['only'] = (names) => {
    const unknown = Object.keys(object).find((name) => !names.includes(name))
    if (unknown === undefined) return E.right(fields)
    // the name is quoted as it was written, apart from the path, whose names are the protocol's
    const known = names.join(', ')
    return E.left(invalidInput(`${path} has no field ${quoted(JSON.stringify(unknown))}; known are ${known}`, path))
  }
  const fields: Fields = {
    path,
    has: (name) => !isAbsent(name),
    only,
    text,
    optionalText: (name) => (isAbsent(name) ? E.right(undefined) : text(name)),
    number,
    optionalNumber: (name) => (isAbsent(name) ? E.right(undefined) : number(name)),
    texts: (name) => texts(value(name), `${path}.${name}`),
    json: value,
    object: (name) => fieldsOf(value(name), `${path}.${name}`)
  }
  return fields
}

/** Reads a JSON value as an object with fields. */
export const fieldsOf = (value: Json | undefined, path = '$'): Parsed<Fields> =>
  isObject(value) ? E.right(reader(value, path)) : wrong(path, 'a JSON object')
