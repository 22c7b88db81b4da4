import * as E from 'fp-ts/Either'
import { type Parser, refused } from './parsed.ts'
import { isMembers, type Members } from './values.ts'

/** What members must be, in the order in which they are judged. */
export type Rules = { readonly [name: string]: Parser<unknown> }

/** An object whose members keep rules, be they its own or its prototype's. Messages call them by their path or name. */
export const having =
  (rules: Rules, by: 'path' | 'name' = 'path'): Parser<Members> =>
  (path, value, name = path) => {
    if (!isMembers(value)) return refused(`${name} must be an object`, path)
    for (const [member, rule] of Object.entries(rules)) {
      const at = `${path}.${member}`
      const parsed = rule(at, value[member], by === 'path' ? at : member)
      if (E.isLeft(parsed)) return parsed
    }
    return E.right(value)
  }
