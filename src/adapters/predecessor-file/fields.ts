import { failure } from '../../domain/failure.ts'
import { Instant } from '../../domain/instant.ts'
import type { Json } from '../../domain/json.ts'
import { trimWhiteSpace } from '../../domain/text.ts'
import type { Floats } from '../exact-json/parse.ts'
import { Refusal } from '../exact-json/refusal.ts'

/** An object of the file and its path. `floats` tells whole numbers that were not written as integers. */
export type Fields = {
  readonly object: { readonly [name: string]: Json }
  readonly path: string
  readonly floats: Floats
}

/** What stands at `path` is not what it should be. */
export const fault = (path: string, why: string): Refusal =>
  new Refusal(failure('InvalidInput', `${path} ${why}`, { path }))

export const fieldsOf = (value: Json | undefined, path: string, floats: Floats): Fields => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw fault(path, 'must be an object')
  return { object: value as { readonly [name: string]: Json }, path, floats }
}

const at = ({ path }: Fields, name: string): string => `${path}.${name}`

/** A member of the object itself: a name like `constructor` finds nothing that is not in the file. */
export const member = ({ object }: Fields, name: string): Json | undefined =>
  Object.hasOwn(object, name) ? object[name] : undefined

type Read<A, Name extends string = string> = (fields: Fields, name: Name) => A

export const within: Read<Fields> = (fields, name) => fieldsOf(member(fields, name), at(fields, name), fields.floats)

/** Absent, and null, stand for none. */
export const optional = <A, Name extends string>(fields: Fields, name: Name, read: Read<A, Name>): A | undefined =>
  (member(fields, name) ?? undefined) === undefined ? undefined : read(fields, name)

/** Absent takes the default; null is an error, as the predecessor had it. */
export const defaulted = <A, Name extends string>(fields: Fields, name: Name, read: Read<A, Name>, otherwise: A): A =>
  member(fields, name) === undefined ? otherwise : read(fields, name)

export const text: Read<string> = (fields, name) => {
  const value = member(fields, name)
  if (typeof value !== 'string') throw fault(at(fields, name), 'must be a string')
  return value
}

export const filled: Read<string> = (fields, name) => {
  const value = text(fields, name)
  if (value === '') throw fault(at(fields, name), 'cannot be empty')
  return value
}

/** What the ledger would have trimmed must have come trimmed: under another text it would be another key. */
export const trimmed: Read<string> = (fields, name) => {
  const value = filled(fields, name)
  if (trimWhiteSpace(value) !== value) throw fault(at(fields, name), 'must have no white space at its ends')
  return value
}

const integerFields = [
  'schema_version',
  'first_seen_at_ms',
  'last_seen_at_ms',
  'expires_at_ms',
  'completed_at_ms',
  'conflict_count'
] as const

type IntegerField = (typeof integerFields)[number]

/** The fields of which the reader of the text must tell how they were written. */
export const integers: ReadonlySet<string> = new Set(integerFields)

/** A whole number from 0 on, and written as one: to the predecessor 1.0, 1e3 and -0 are of another type. */
export const whole: Read<number, IntegerField> = (fields, name) => {
  const value = member(fields, name)
  const written = fields.floats.get(fields.object)?.includes(name) !== true
  if (written && typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
  throw fault(at(fields, name), 'must be a whole number from 0 to 2^53 - 1')
}

export const time: Read<Instant, IntegerField> = (fields, name) => {
  const value = whole(fields, name)
  if (!Instant.is(value)) throw fault(at(fields, name), 'must be a time in epoch milliseconds')
  return value
}

export const oneOf =
  <A extends string>(...allowed: ReadonlyArray<A>): Read<A> =>
  (fields, name) => {
    const value = text(fields, name)
    const found = allowed.find((one) => one === value)
    if (found === undefined) throw fault(at(fields, name), `must be one of ${allowed.join(', ')}`)
    return found
  }

export const texts: Read<ReadonlyArray<string>> = (fields, name) => {
  const value = member(fields, name)
  if (!Array.isArray(value)) throw fault(at(fields, name), 'must be a list of strings')
  return value.map((item: Json, index) => {
    if (typeof item !== 'string') throw fault(`${at(fields, name)}[${index}]`, 'must be a string')
    return item
  })
}
