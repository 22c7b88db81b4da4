import * as E from 'fp-ts/Either'
import { type Failure, failure, invalidInput } from './failure.ts'

/** A JSON value. */
export type Json = null | boolean | number | string | ReadonlyArray<Json> | { readonly [key: string]: Json }

const member = (path: string, key: string): string =>
  /^[A-Za-z_$][\w$]*$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`

const isPlain = (value: object): boolean => {
  const prototype = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

const whyNot = (value: unknown): string | undefined => {
  switch (typeof value) {
    case 'string':
      return value.isWellFormed() ? undefined : 'a string with a lone surrogate is not JSON text'
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

type Place = { readonly path: string; readonly why: string; readonly tooDeep?: true }

/** Writes the value with its keys in code-unit order, or says where it is not JSON. `above` holds its ancestors. */
const write = (value: unknown, path: string, maxDepth: number, above: ReadonlyArray<object>): string | Place => {
  const why = whyNot(value)
  if (why !== undefined) return { path, why }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (above.includes(value)) return { path, why: 'a cycle is not JSON' }
  if (above.length >= maxDepth) return { path, why: `nested more than ${maxDepth} levels deep`, tooDeep: true }
  const within = [...above, value]
  const texts: Array<string> = []
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const text = write(value[i], `${path}[${i}]`, maxDepth, within)
      if (typeof text !== 'string') return text
      texts.push(text)
    }
    return `[${texts.join(',')}]`
  }
  for (const [key, item] of Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const at = member(path, key)
    if (!key.isWellFormed()) return { path: at, why: 'a key with a lone surrogate is not JSON text' }
    const text = write(item, at, maxDepth, within)
    if (typeof text !== 'string') return text
    texts.push(`${JSON.stringify(key)}:${text}`)
  }
  return `{${texts.join(',')}}`
}

/**
 * The canonical form of a JSON value (RFC 8785). What is no JSON is `InvalidInput` with its path, never coerced: NaN,
 * Infinity, undefined, functions, symbols, bigint, lone surrogates, cycles, and objects that are not plain. Nesting
 * over `maxDepth` levels is `LimitExceeded`.
 */
export const canonicalJson = (value: unknown, path = '$', maxDepth = 1000): E.Either<Failure, string> => {
  const text = write(value, path, maxDepth, [])
  if (typeof text === 'string') return E.right(text)
  const message = `${text.why} (at ${text.path})`
  return E.left(
    text.tooDeep === true
      ? failure('LimitExceeded', message, { path: text.path, limit: maxDepth, size: maxDepth + 1 })
      : invalidInput(message, text.path)
  )
}
