import * as E from 'fp-ts/Either'
import { pathTo } from '../json-path.ts'
import { misspelt, nearest } from './nearest.ts'
import { type Parsed, type Parser, refused } from './parsed.ts'
import { isMembers, type Members } from './values.ts'

/** The members of a type, all of them: the compiler sees to it. */
export type NamesOf<T> = { readonly [name in keyof T]-?: true }

const unknown = (path: string, name: string, hint: string): Parsed<never> => {
  const at = pathTo(path, name)
  return refused(`${at} is not known; ${hint}`, at)
}

/** The first member that is not among the names, and what is said of it. */
const first = (
  names: ReadonlySet<string>,
  path: string,
  value: unknown,
  said: (name: string, members: Members) => string | undefined
): Parsed<unknown> => {
  if (!isMembers(value)) return E.right(value)
  for (const name of Object.keys(value)) {
    if (names.has(name)) continue
    const hint = said(name, value)
    if (hint !== undefined) return unknown(path, name, hint)
  }
  return E.right(value)
}

const meant = (near: string): string => `did you mean ${near}?`

/** Takes an object that has no members but these: what is misspelt would silently be left out. */
export const noOthers = <T extends object>(listed: NamesOf<T>): Parser<unknown> => {
  const names = new Set(Object.keys(listed))
  const all = `there are ${[...names].join(', ')}`
  return (path, value) =>
    first(names, path, value, (name) => {
      const near = nearest(name, [...names])
      return near === undefined ? all : meant(near)
    })
}

/**
 * Takes an object whatever else it has, since requests are put together from larger ones; but not where a member is one of these
 * that is not there, misspelt for certain: it would silently be left out.
 */
export const noMisspelt = <T extends object>(listed: NamesOf<T>): Parser<unknown> => {
  const names = new Set(Object.keys(listed))
  return (path, value) =>
    first(names, path, value, (name, members) => {
      const near = misspelt(name, members[name], [...names])
      return near === undefined || members[near] !== undefined ? undefined : meant(near)
    })
}
