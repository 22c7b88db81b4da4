import type { Either } from 'fp-ts/Either'
import type { Failure } from './failure.ts'
import type { Json } from './json.ts'
import {
  isPlain,
  mayEnter,
  mayHold,
  mayMeet,
  refuse,
  strayKey,
  strayText,
  type Walk,
  type WalkWithin,
  walked
} from './json-walk.ts'
import { ownText } from './own-text.ts'
import { isFunction } from './parsing/values.ts'

/** What JSON would make of an object without a word, losing what it holds. */
const hints: ReadonlyArray<readonly [(value: object) => boolean, string]> = [
  [(value) => value instanceof Map, 'a Map is not JSON; hand over Object.fromEntries(map)'],
  [(value) => value instanceof Set, 'a Set is not JSON; hand over [...set]'],
  [(value) => value instanceof Error, 'an Error is not JSON; hand over its name and message'],
  [(value) => value instanceof Promise, 'a Promise is not JSON; await it first'],
  [ArrayBuffer.isView, 'bytes are not JSON; hand over their base64 or hex'],
  [() => true, 'only plain objects, arrays and what has a toJSON are JSON; hand over a plain copy']
]

const hintFor = (value: object): string => hints.find(([fits]) => fits(value))?.[1] ?? ''

/** JSON asks objects, functions and bigints for it, whoever's it is, with the key that led to them. */
const asItSays = (value: unknown, key: string): unknown => {
  if (typeof value !== 'object' && !isFunction(value) && typeof value !== 'bigint') return value
  if (value === null) return value
  const toJSON: unknown = Reflect.get(Object(value), 'toJSON', value)
  return isFunction(toJSON) ? Reflect.apply(toJSON, value, [key]) : value
}

const takenNumber = (walk: Walk, value: number): Json | undefined => {
  if (!Number.isFinite(value)) return refuse(walk, `${value} is not a JSON number`)
  // JSON writes no sign before 0
  return value === 0 ? 0 : value
}

const takenItems = (walk: Walk, list: ReadonlyArray<unknown>): Json => {
  const items: Array<Json> = []
  const step: Walk['trail'][number] = { above: list, at: 0 }
  walk.trail.push(step)
  for (let index = 0; index < list.length && walk.fault === undefined; index++) {
    step.at = index
    items.push(taken(walk, list[index], `${index}`) ?? null)
  }
  walk.trail.pop()
  return items
}

/** A rule for how to take an object is none of its data. */
const isRule = (key: string, member: unknown): boolean => key === 'toJSON' && isFunction(member)

const takenMembers = (walk: Walk, value: object): Json | undefined => {
  const members: Array<readonly [string, Json]> = []
  const keys = Object.keys(value)
  const step: Walk['trail'][number] = { above: value, at: '' }
  walk.trail.push(step)
  for (const key of keys) {
    step.at = key
    if (!mayHold(walk, key, strayKey)) return undefined
    const given: unknown = Reflect.get(value, key)
    const member = isRule(key, given) ? undefined : taken(walk, given, key)
    if (walk.fault !== undefined) return undefined
    if (member !== undefined) members.push([key, member])
  }
  walk.trail.pop()
  // by entries, since `__proto__` is a key like any other
  return Object.fromEntries(members)
}

const takenObject = (walk: Walk, value: object): Json | undefined => {
  const isList = Array.isArray(value)
  if (!isList && !isPlain(value)) return refuse(walk, hintFor(value))
  if (!mayEnter(walk, value)) return undefined
  return isList ? takenItems(walk, value) : takenMembers(walk, value)
}

const taken = (walk: Walk, given: unknown, key: string): Json | undefined => {
  if (!mayMeet(walk)) return undefined
  const value = asItSays(given, key)
  switch (typeof value) {
    case 'undefined':
    case 'boolean':
      return value
    case 'string':
      return mayHold(walk, value, strayText) ? ownText(value) : undefined
    case 'number':
      return takenNumber(walk, value)
    case 'object':
      return value === null ? null : takenObject(walk, value)
    default:
      return refuse(walk, `${typeof value} is not a JSON value`)
  }
}

/**
 * What JSON makes of a value, as a copy that its owner cannot change: each member is read once. As `JSON.stringify` has it, a
 * member that is `undefined` is left out, in a list it is null, and what has a `toJSON` is what that gives. But nothing is
 * lost in silence: NaN, Infinity, functions, symbols, bigint, lone surrogates, cycles, and objects of a class without a
 * `toJSON` are `InvalidInput` with their path, and so is what throws when it is read. Too deep, too many values, or
 * too much text to be written as JSON at all, is `LimitExceeded`.
 */
export const takenJson = (value: unknown, path: string, within: WalkWithin = {}): Either<Failure, Json | undefined> =>
  walked(path, within, (walk) => taken(walk, value, ''))
