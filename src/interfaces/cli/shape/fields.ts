import * as E from 'fp-ts/Either'
import { invalidInput } from '../../../domain/failure.ts'
import type { Json } from '../../../domain/json.ts'
import type { Parsed } from '../../../domain/parse.ts'

export type JsonObject = { readonly [field: string]: Json }

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * The fields of a JSON object by their names. An optional field may be absent or null, since many languages write
 * their absent values so. Failures name the field by its JSON path.
 */
export type Fields = {
  readonly path: string
  readonly has: (name: string) => boolean
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
  return {
    path,
    has: (name) => value(name) !== undefined,
    text,
    optionalText: (name) => (isAbsent(name) ? E.right(undefined) : text(name)),
    number,
    optionalNumber: (name) => (isAbsent(name) ? E.right(undefined) : number(name)),
    texts: (name) => texts(value(name), `${path}.${name}`),
    json: value,
    object: (name) => fieldsOf(value(name), `${path}.${name}`)
  }
}

/** Reads a JSON value as an object with fields. */
export const fieldsOf = (value: Json | undefined, path = '$'): Parsed<Fields> =>
  isObject(value) ? E.right(reader(value, path)) : wrong(path, 'a JSON object')
