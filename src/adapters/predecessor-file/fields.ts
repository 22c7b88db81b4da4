import { Instant } from '../../domain/instant.ts'
import type { Json } from '../../domain/json.ts'

/** What a field is not, and where; thrown within the readers of this folder and nowhere else. */
export class FieldFault extends Error {
  readonly path: string
  constructor(path: string, message: string) {
    super(`${path} ${message}`)
    this.path = path
  }
}

/** An object of the file, with its place. `floats` tells whole numbers that were not written as integers. */
export type Fields = {
  readonly path: string
  readonly floats: ReadonlySet<string>
  readonly get: (name: string) => Json | undefined
}

export const fieldsOf = (value: Json | undefined, path: string, floats: ReadonlySet<string>): Fields => {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new FieldFault(path, 'must be an object')
  const object = value as { readonly [name: string]: Json }
  return { path, floats, get: (name) => (Object.hasOwn(object, name) ? object[name] : undefined) }
}

const at = ({ path }: Fields, name: string): string => `${path}.${name}`

export const text = (fields: Fields, name: string): string => {
  const value = fields.get(name)
  if (typeof value !== 'string') throw new FieldFault(at(fields, name), 'must be a string')
  return value
}

/** Absent, and null, stand for none. */
export const optional = <A>(fields: Fields, name: string, read: (fields: Fields, name: string) => A): A | undefined => {
  const value = fields.get(name)
  return value === undefined || value === null ? undefined : read(fields, name)
}

/** Absent takes the default; null is an error, as the predecessor had it. */
export const defaulted = <A>(fields: Fields, name: string, read: (f: Fields, n: string) => A, otherwise: A): A =>
  fields.get(name) === undefined ? otherwise : read(fields, name)

/** A whole number from 0 on, written as one. */
export const whole = (fields: Fields, name: string): number => {
  const value = fields.get(name)
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0 || fields.floats.has(at(fields, name))) {
    throw new FieldFault(at(fields, name), 'must be a whole number from 0 on')
  }
  return value
}

export const time = (fields: Fields, name: string): Instant => {
  const value = whole(fields, name)
  if (!Instant.is(value)) throw new FieldFault(at(fields, name), 'must be a time in epoch ms')
  return value
}

export const oneOf =
  <A extends string>(...allowed: ReadonlyArray<A>) =>
  (fields: Fields, name: string): A => {
    const value = text(fields, name)
    const found = allowed.find((one) => one === value)
    if (found === undefined) throw new FieldFault(at(fields, name), `must be one of ${allowed.join(', ')}`)
    return found
  }

export const texts = (fields: Fields, name: string): ReadonlyArray<string> => {
  const value = fields.get(name)
  if (!Array.isArray(value)) throw new FieldFault(at(fields, name), 'must be a list of strings')
  return value.map((item, index) => {
    if (typeof item !== 'string') throw new FieldFault(`${at(fields, name)}[${index}]`, 'must be a string')
    return item
  })
}
