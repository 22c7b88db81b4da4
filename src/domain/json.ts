import * as E from 'fp-ts/Either'
import type { Failure } from './failure.ts'
import { isPlain, mayEnter, mayHold, mayMeet, refuse, strayKey, strayText, type Walk, walked } from './json-walk.ts'

/** A JSON value. */
export type Json = null | boolean | number | string | ReadonlyArray<Json> | { readonly [key: string]: Json }

/**
 * What a caller hands over to be kept as JSON: interfaces and classes of records too, which have no index signature and so
 * are no `Json` to the compiler. Whether an object can be JSON is seen when it is handed over.
 */
export type JsonInput = Json | object

export type JsonObject = { readonly [field: string]: Json }

const writtenItems = (walk: Walk, list: ReadonlyArray<unknown>): string => {
  const items: Array<string> = []
  const step: Walk['trail'][number] = { above: list, at: 0 }
  walk.trail.push(step)
  for (let index = 0; index < list.length && walk.fault === undefined; index++) {
    step.at = index
    items.push(written(walk, list[index]))
  }
  walk.trail.pop()
  return `[${items.join(',')}]`
}

const writtenMembers = (walk: Walk, value: object): string => {
  const members: Array<string> = []
  const step: Walk['trail'][number] = { above: value, at: '' }
  walk.trail.push(step)
  // by their code units, which is what RFC 8785 asks for
  for (const key of Object.keys(value).sort()) {
    step.at = key
    if (!mayHold(walk, key, strayKey)) break
    members.push(`${JSON.stringify(key)}:${written(walk, Reflect.get(value, key))}`)
    if (walk.fault !== undefined) break
  }
  walk.trail.pop()
  return `{${members.join(',')}}`
}

const writtenObject = (walk: Walk, value: object): string => {
  const isList = Array.isArray(value)
  if (!isList && !isPlain(value)) refuse(walk, 'only plain objects and arrays are JSON')
  else if (mayEnter(walk, value)) return isList ? writtenItems(walk, value) : writtenMembers(walk, value)
  return ''
}

/** A value as it is written, or anything at all where there is a fault. */
const written = (walk: Walk, value: unknown): string => {
  if (!mayMeet(walk)) return ''
  switch (typeof value) {
    case 'string':
      return mayHold(walk, value, strayText) ? JSON.stringify(value) : ''
    case 'number':
      if (!Number.isFinite(value)) refuse(walk, `${value} is not a JSON number`)
      return JSON.stringify(value)
    case 'boolean':
      return `${value}`
    case 'object':
      return value === null ? 'null' : writtenObject(walk, value)
    default:
      refuse(walk, `${typeof value} is not a JSON value`)
      return ''
  }
}

/** More than a copy may have: of a payload only the hash is kept. */
const maxValues = 2 ** 22

/**
 * The canonical form of a JSON value (RFC 8785). Each member is read once, and what is no JSON is refused, never coerced:
 * `InvalidInput` with its path, the first in the order of the form, for NaN, Infinity, undefined, functions, symbols, bigint,
 * lone surrogates, cycles, objects that are not plain, and what throws when it is read. Nesting over `maxDepth` levels, more
 * than 4,194,304 values, or 67,108,864 characters, is `LimitExceeded`.
 */
export const canonicalJson = (value: unknown, path = '$', maxDepth = 1000): E.Either<Failure, string> =>
  walked(path, { maxDepth, maxValues }, (walk) => written(walk, value))

/** Why a value is no JSON, as `canonicalJson` refuses it. */
export const jsonFault = (value: unknown, path = '$'): Failure | undefined => {
  const form = canonicalJson(value, path)
  return E.isLeft(form) ? form.left : undefined
}
