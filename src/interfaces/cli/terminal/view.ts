import type { Column } from './columns.ts'

/** How a line stands out on a terminal. */
export type Tone = 'good' | 'notice' | 'bad' | 'quiet'

/** A time, epoch ms; whoever shows it says in which zone. */
export type At = { readonly atMs: number }

/** A text with times in it. */
export type Phrase = string | ReadonlyArray<string | At>

/** A text, which may come from anywhere, or a number or a time, which are ours. */
export type Cell = Phrase | number | At

/** A time, where there is one. */
export const at = (ms: number | undefined): Cell => (ms === undefined ? '' : { atMs: ms })

/** A name and its value; the gloss explains the value to people only. */
export type Row = readonly [name: string, value: Cell, gloss?: string | At]

/** A piece of what a command shows to people. */
export type View =
  | { readonly _tag: 'Headline'; readonly text: Phrase; readonly tone: Tone }
  | { readonly _tag: 'Fields'; readonly rows: ReadonlyArray<Row> }
  | {
      readonly _tag: 'Table'
      readonly head: ReadonlyArray<Column>
      /** Gone through once, and no more than a few of them at a time. */
      readonly rows: Iterable<ReadonlyArray<Cell>>
      /** In columns even where no terminal shows it: a report to be read, not to be taken apart. */
      readonly inColumns: boolean
    }

/**
 * What a command answers: one JSON document, and the same for people. A member of the document that is a list may be
 * any iterable.
 */
export type Report = { readonly json: { readonly [name: string]: unknown }; readonly views: ReadonlyArray<View> }

export const headline = (text: Phrase, tone: Tone = 'notice'): View => ({ _tag: 'Headline', text, tone })
export const fields = (rows: ReadonlyArray<Row>): View => ({ _tag: 'Fields', rows })
export const table = (head: ReadonlyArray<Column>, rows: Iterable<ReadonlyArray<Cell>>, inColumns = false): View => ({
  _tag: 'Table',
  head,
  rows,
  inColumns
})

/** Each item in another form, made when it is asked for: of a long list few are held twice at a time. */
export const each = <A, B>(items: Iterable<A>, form: (item: A) => B): Iterable<B> => ({
  *[Symbol.iterator]() {
    for (const item of items) yield form(item)
  }
})
