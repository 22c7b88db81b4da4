import { pathTo } from './json-path.ts'

/** The ancestors of a value, each with the key or index that leads on from it. Mutable: it is walked with. */
export type Trail = Array<{ readonly above: object; at: string | number }>

/** The path is put together only where there is a fault to name. */
export const pathOf = (root: string, trail: Trail): string => trail.reduce((path, { at }) => pathTo(path, at), root)

export const isAbove = (trail: Trail, value: object): boolean => {
  for (const { above } of trail) if (above === value) return true
  return false
}

/** Whether an object is of no class, of whichever realm. */
export const isPlain = (value: object): boolean => {
  const prototype = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

export const cycle = 'a cycle is not JSON'

export const strayKey = 'a key with a lone surrogate is not JSON text'

export const strayText = 'a string with a lone surrogate is not JSON text'

export const nestedOver = (maxDepth: number): string => `nested more than ${maxDepth} levels deep`
