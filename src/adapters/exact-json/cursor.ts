import { failure } from '../../domain/failure.ts'
import { pathTo } from '../../domain/json-path.ts'
import { Refusal } from './refusal.ts'

/** Where a reader stands in a text. Its functions move it; nobody outside this folder sees it. */
export type Cursor = {
  readonly text: string
  at: number
  /** The path of the text's own value, and the steps from there to where the reader stands. */
  readonly root: string
  readonly steps: Array<string | number>
  /** Whether the number just read is whole but was not written as an integer. */
  wholeFloat: boolean
  /** Whether the text itself has lone surrogates, so that each string must be looked at. */
  readonly illFormed: boolean
}

/** The path of what the cursor stands at. */
export const pathOf = ({ root, steps }: Cursor): string => steps.reduce(pathTo, root)

/** The refusal of what the cursor stands at, with its path. */
export const refusal = (cursor: Cursor, why: string): Refusal => {
  const path = pathOf(cursor)
  return new Refusal(failure('InvalidInput', `${why} (at ${path})`, { path }))
}

/** Steps over the white space that JSON knows, and yields the code unit that comes then; NaN at the end. */
export const significant = (cursor: Cursor): number => {
  const { text } = cursor
  for (;;) {
    const code = text.charCodeAt(cursor.at)
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return code
    cursor.at++
  }
}
