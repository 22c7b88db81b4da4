import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import { mismatch, type Parsed } from '../../../domain/parsing/parsed.ts'
import type { Fields } from '../shape/fields.ts'
import type { Answered } from './operation.ts'

/** How many items a page has at most, and where its line does not say. */
const mostItems = 10_000
const usualItems = 1000

/** What the items of a page come to as JSON at most, UTF-16 units; a larger one goes alone. */
export const mostText = 8 * 1024 * 1024

/** How many items a line asks for. */
export const limitOf = (line: Fields): Parsed<number> =>
  pipe(
    line.optionalNumber('limit'),
    E.flatMap((limit = usualItems) =>
      Number.isInteger(limit) && limit >= 1 && limit <= mostItems
        ? E.right(limit)
        : mismatch('$.limit', `must be a whole number from 1 to ${mostItems}`, limit)
    )
  )

/** The first of the items, as many as one answer may have, and where the next page begins, if there is more. */
export const pageOf = <A, C extends string | number>(
  items: ReadonlyArray<A>,
  limit: number,
  toJson: (item: A) => Answered,
  cursorOf: (item: A) => C
): { readonly page: ReadonlyArray<Answered>; readonly next: { readonly next?: C } } => {
  const page: Array<Answered> = []
  let text = 0
  for (const item of items.slice(0, limit)) {
    const json = toJson(item)
    text += JSON.stringify(json).length
    if (page.length > 0 && text > mostText) break
    page.push(json)
  }
  const last = items[page.length - 1]
  return { page, next: last !== undefined && page.length < items.length ? { next: cursorOf(last) } : {} }
}
