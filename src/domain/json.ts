import * as E from 'fp-ts/Either'
import { type Failure, failure, invalidInput } from './failure.ts'
import { cycle, isAbove, isPlain, nestedOver, pathOf, strayKey, strayText, type Trail } from './json-trail.ts'

/** A JSON value. */
export type Json = null | boolean | number | string | ReadonlyArray<Json> | { readonly [key: string]: Json }

/**
 * What a caller hands over to be kept as JSON: interfaces and classes of records too, which have no index signature and so
 * are no `Json` to the compiler. Whether an object can be JSON is seen when it is handed over.
 */
export type JsonInput = Json | object

export type JsonObject = { readonly [field: string]: Json }

const whyNot = (value: unknown): string | undefined => {
  switch (typeof value) {
    case 'string':
      return value.isWellFormed() ? undefined : strayText
    case 'number':
      return Number.isFinite(value) ? undefined : `${value} is not a JSON number`
    case 'boolean':
      return undefined
    case 'object':
      return value === null || Array.isArray(value) || isPlain(value)
        ? undefined
        : 'only plain objects and arrays are JSON'
    default:
      return `${typeof value} is not a JSON value`
  }
}

type Fault = { readonly path: string; readonly why: string; readonly tooDeep?: true }

type KeysOf = (value: object) => ReadonlyArray<string>

/** Sorted by their code units, which is what RFC 8785 asks for. */
const sortedKeysOf = (value: object): Array<string> => Object.keys(value).sort()

/** Where a value is not JSON, the first in the order of its keys. */
const faultIn = (
  value: unknown,
  root: string,
  maxDepth: number,
  keys: KeysOf,
  trail: Trail = []
): Fault | undefined => {
  const why = whyNot(value)
  if (why !== undefined) return { path: pathOf(root, trail), why }
  if (typeof value !== 'object' || value === null) return undefined
  if (isAbove(trail, value)) return { path: pathOf(root, trail), why: cycle }
  if (trail.length >= maxDepth) {
    return { path: pathOf(root, trail), why: nestedOver(maxDepth), tooDeep: true }
  }
  const step: Trail[number] = { above: value, at: 0 }
  trail.push(step)
  // counted, since every outcome is walked: an array has no list of its keys
  const names = Array.isArray(value) ? undefined : keys(value)
  const count = Array.isArray(value) ? value.length : (names?.length ?? 0)
  for (let index = 0; index < count; index++) {
    const key = names?.[index] ?? index
    step.at = key
    if (typeof key === 'string' && !key.isWellFormed()) {
      return { path: pathOf(root, trail), why: strayKey }
    }
    const fault = faultIn(Reflect.get(value, key), root, maxDepth, keys, trail)
    if (fault !== undefined) return fault
  }
  trail.pop()
  return undefined
}

/**
 * Why a value is no JSON: `InvalidInput` with its path, for NaN, Infinity, undefined, functions, symbols, bigint, lone
 * surrogates, cycles, and objects that are not plain. Nesting over `maxDepth` levels is `LimitExceeded`.
 */
export const jsonFault = (value: unknown, path = '$', maxDepth = 1000): Failure | undefined => {
  const any = faultIn(value, path, maxDepth, Object.keys)
  if (any === undefined) return undefined
  // only a fault is worth the sorting: the first in the order of the canonical form is named
  const fault = faultIn(value, path, maxDepth, sortedKeysOf) ?? any
  const message = `${fault.why} (at ${fault.path})`
  return fault.tooDeep === true
    ? failure('LimitExceeded', message, { path: fault.path, limit: maxDepth, size: maxDepth + 1 })
    : invalidInput(message, fault.path)
}

const canonical = (value: unknown): string => {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  const members = sortedKeysOf(value).map((key) => `${JSON.stringify(key)}:${canonical(Reflect.get(value, key))}`)
  return `{${members.join(',')}}`
}

/** The canonical form of a JSON value (RFC 8785). What is no JSON is refused, as `jsonFault` has it, never coerced. */
export const canonicalJson = (value: unknown, path = '$', maxDepth = 1000): E.Either<Failure, string> => {
  const fault = jsonFault(value, path, maxDepth)
  return fault === undefined ? E.right(canonical(value)) : E.left(fault)
}
