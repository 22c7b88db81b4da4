import { isFunction, isMembers } from '../../domain/parsing/values.ts'

/**
 * A copy of these members of what is given, be they its own or its prototype's: each is read once, so that what is judged is
 * what is used, whatever becomes of what was given. Methods go by the object that they are of.
 */
export const ownCopy = <A>(given: A, names: ReadonlyArray<string>): A => {
  if (!isMembers(given)) return given
  const members = names.map((name): [string, unknown] => {
    const member = given[name]
    return [name, isFunction(member) ? member.bind(given) : member]
  })
  // its type is that of what was given, and the rules hold it to that
  return Object.fromEntries(members) as A
}
