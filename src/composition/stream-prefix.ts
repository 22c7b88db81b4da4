import { streamPrefix as prefixOf } from '../domain/identity.ts'
import { defaultCategory, category as judged } from './category.ts'
import { rightOrThrow } from './promises.ts'

/**
 * What the names of all keys' streams of a category begin with, for `readAll` and `subscribe` of a store and for filters of
 * a server. A category that a ledger would not take is thrown as `InvalidInput`: under such a prefix nothing is found.
 */
export const streamPrefix = (category: string = defaultCategory): string => {
  rightOrThrow(judged('$.category', category))
  return prefixOf(category)
}
