import { invalidInput } from '../domain/failure.ts'
import { isCategory, streamPrefix as prefixOf } from '../domain/identity.ts'
import { categoryWanted, defaultCategory } from './category.ts'
import { KeyfoldError } from './promises.ts'

/**
 * What the names of all keys' streams of a category begin with, for `readAll` and `subscribe` of a store and for filters of
 * a server. A category that a ledger would not take is thrown as `InvalidInput`: under such a prefix nothing is found.
 */
export const streamPrefix = (category: string = defaultCategory): string => {
  if (typeof category === 'string' && isCategory(category)) return prefixOf(category)
  throw new KeyfoldError(invalidInput(categoryWanted, '$.category'))
}
