import * as E from 'fp-ts/Either'
import { noOthers } from './known-members.ts'
import { both, mismatch, type Parser } from './parsed.ts'
import { reading } from './reading.ts'
import { isMembers, type Members } from './values.ts'

/** What members must be, in the order in which they are judged. */
export type Rules = { readonly [name: string]: Parser<unknown> }

/** An object whose members keep rules, be they its own or its prototype's. Messages call them by their path or name. */
export const having =
  (rules: Rules, by: 'path' | 'name' = 'path'): Parser<Members> =>
  (path, value, name = path) => {
    if (!isMembers(value)) return mismatch(path, 'must be an object', value, name)
    for (const [member, rule] of Object.entries(rules)) {
      const at = `${path}.${member}`
      const parsed = reading(at, () => rule(at, value[member], by === 'path' ? at : member))
      if (E.isLeft(parsed)) return parsed
    }
    return E.right(value)
  }

/**
 * The options of something: an object whose members keep rules, and which has no others. `also` names members that are
 * judged elsewhere.
 */
export const optionsOf = (
  rules: Rules,
  by: 'path' | 'name' = 'path',
  also: ReadonlyArray<string> = []
): Parser<Members> => {
  const names = [...Object.keys(rules), ...also].map((name) => [name, true] as const)
  const parse = both(noOthers(Object.fromEntries(names)), having(rules, by))
  return (path, value, name) => reading(path, () => parse(path, value, name))
}
