import * as E from 'fp-ts/Either'
import { type Failure, failure } from '../../domain/failure.ts'
import { streamPrefix } from '../../domain/identity.ts'
import type { LogPage, Position } from '../ports/event-store.ts'
import type { Settings } from '../settings.ts'

const pageSize = 1000

/** So many pages in a row that hold nothing of ours are the sign of a log that has no end. */
const maxEmptyPages = 100_000

const endless = failure('StoreUnavailable', 'the log of the store has no end')

/** What is done with a page; it ends the walk where it fails. */
export type Visit = (page: LogPage) => Promise<Failure | undefined>

/** Reads the log of a category's streams once, after a position, page by page. Others get their turn between two pages. */
export const walkLog = async (
  { store, category, nextTurn }: Pick<Settings, 'store' | 'category' | 'nextTurn'>,
  from: Position | 'start',
  visit: Visit
): Promise<Failure | undefined> => {
  let after = from
  let empty = 0
  // a log that leads back to where it was: a place of it is marked every so often, twice as far each time
  let marked: Position | 'start' | undefined
  for (let pages = 1; ; pages++) {
    const read: E.Either<Failure, LogPage> = await store.readAll(after, streamPrefix(category), pageSize)()
    if (E.isLeft(read)) return read.left
    const failed = await visit(read.right)
    if (failed !== undefined) return failed
    const { events, unreadable = [], next, atEnd } = read.right
    if (atEnd) return undefined
    empty = events.length + unreadable.length === 0 ? empty + 1 : 0
    if (empty > maxEmptyPages || next === marked) return endless
    if ((pages & (pages - 1)) === 0) marked = next
    after = next
    await nextTurn()
  }
}
