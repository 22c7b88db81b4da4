import * as E from 'fp-ts/Either'
import { type Failure, failure, invalidInput } from './failure.ts'
import { pathTo } from './json-path.ts'

/** The ancestors of a value, each with the key or index that leads on from it. Mutable: it is walked with. */
type Trail = Array<{ readonly above: object; at: string | number }>

type Fault = { readonly path: string; readonly why: string; readonly limit?: number | undefined }

/**
 * What a value may be at most: so deep, of so many values, and of so much text, in code units, altogether. A value that
 * holds another twice, on each of many levels, is a text of any length.
 */
export type WalkWithin = {
  readonly maxDepth?: number | undefined
  readonly maxValues?: number | undefined
}

/** As JSON it takes six times as much at most, which a string can still hold. */
const maxText = 2 ** 26

/** A walk over what somebody handed over: where it is, what it has met, and the fault that ended it. */
export type Walk = {
  readonly root: string
  readonly trail: Trail
  readonly maxDepth: number
  readonly maxValues: number
  met: number
  text: number
  fault: Fault | undefined
}

/** The path is put together only where there is a fault to name. */
const pathOf = ({ root, trail }: Walk): string => trail.reduce((path, { at }) => pathTo(path, at), root)

/** Ends the walk where it is. */
export const refuse = (walk: Walk, why: string, limit?: number): undefined => {
  walk.fault ??= { path: pathOf(walk), why, limit }
}

/** Whether one more value may be looked at. */
export const mayMeet = (walk: Walk): boolean => {
  if (++walk.met <= walk.maxValues) return true
  refuse(walk, `more than ${walk.maxValues} values`, walk.maxValues)
  return false
}

/** Whether a text, or a key, is one that JSON can hold, and not too much together with those before it. */
export const mayHold = (walk: Walk, text: string, stray: string): boolean => {
  walk.text += text.length
  if (walk.text > maxText) refuse(walk, `more than ${maxText} characters of text`, maxText)
  else if (!text.isWellFormed()) refuse(walk, stray)
  return walk.fault === undefined
}

const isAbove = (trail: Trail, value: object): boolean => {
  for (const { above } of trail) if (above === value) return true
  return false
}

/** Whether what an object holds may be looked at. */
export const mayEnter = (walk: Walk, value: object): boolean => {
  const { trail, maxDepth } = walk
  if (isAbove(trail, value)) refuse(walk, 'a cycle is not JSON')
  else if (trail.length >= maxDepth) refuse(walk, `nested more than ${maxDepth} levels deep`, maxDepth)
  return walk.fault === undefined
}

/** Whether an object is of no class, of whichever realm. */
export const isPlain = (value: object): boolean => {
  const prototype = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

export const strayKey = 'a key with a lone surrogate is not JSON text'

export const strayText = 'a string with a lone surrogate is not JSON text'

const failureOf = ({ path, why, limit }: Fault): Failure => {
  const message = `${why} (at ${path})`
  return limit === undefined
    ? invalidInput(message, path)
    : failure('LimitExceeded', message, { path, limit, size: limit + 1 })
}

/** Walks, and gives what comes of it, or the fault that ended it. A getter, a proxy or a `toJSON` may throw. */
export const walked = <A>(
  root: string,
  { maxDepth = 1000, maxValues = 2 ** 20 }: WalkWithin,
  steps: (walk: Walk) => A
): E.Either<Failure, A> => {
  const walk: Walk = { root, trail: [], maxDepth, maxValues, met: 0, text: 0, fault: undefined }
  try {
    const made = steps(walk)
    return walk.fault === undefined ? E.right(made) : E.left(failureOf(walk.fault))
  } catch (cause) {
    const path = pathOf(walk)
    return E.left(failure('InvalidInput', `${path} cannot be read: it threw`, { path, cause }))
  }
}
