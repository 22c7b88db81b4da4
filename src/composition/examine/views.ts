import { idOfStores } from '../../adapters/sqlite/schema.ts'
import { idOfViews } from '../../adapters/sqlite/views/forms.ts'
import type { Check } from '../../interfaces/cli/deps.ts'
import { fail, ok } from './check.ts'
import { bytesOf, fileAt, headerOf, isDatabase, megabytes, ownerOf, statOf, unreachable, unread } from './header.ts'

const mend = 'name another file with --views; rebuild makes one'

/** Views stand in a file of their own, or in that of a store. */
const ofViews: ReadonlySet<number> = new Set([idOfViews, idOfStores])

/** Whether the file of the views can be one, as far as it tells without being opened. */
export const viewsCheck = async (name: string): Promise<Check> => {
  const path = await fileAt(name)
  const found = await statOf(path)
  if (found === undefined) {
    const why = unreachable(path)
    return why === undefined ? ok('views', 'none here') : fail('views', why, mend)
  }
  if (!found.isFile()) return fail('views', 'is no file', mend)
  if (found.size === 0) return ok('views', 'none here')
  const header = await headerOf(path)
  if (header === undefined) return fail('views', unread, mend)
  if (!isDatabase(header)) return fail('views', 'is no SQLite database', mend)
  // what was written since the last checkpoint stands in the log, and the header says nothing then
  const isKnown = ofViews.has(ownerOf(header)) || (ownerOf(header) === 0 && (await bytesOf(`${path}-wal`)) > 0)
  return isKnown ? ok('views', megabytes(found.size)) : fail('views', 'is a database of something else', mend)
}
