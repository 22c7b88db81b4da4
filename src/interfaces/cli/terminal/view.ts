/** How a line stands out on a terminal. */
export type Tone = 'good' | 'notice' | 'bad' | 'quiet'

/** A name and its value; the gloss explains the value to people only. */
export type Row = readonly [name: string, value: string, gloss?: string]

/** A piece of what a command shows to people. */
export type View =
  | { readonly _tag: 'Headline'; readonly text: string; readonly tone: Tone }
  | { readonly _tag: 'Fields'; readonly rows: ReadonlyArray<Row> }
  | {
      readonly _tag: 'Table'
      readonly head: ReadonlyArray<string>
      readonly rows: ReadonlyArray<ReadonlyArray<string>>
      /** In columns even where no terminal shows it: a report to be read, not to be taken apart. */
      readonly inColumns: boolean
    }

/** What a command answers: one JSON value, and the same for people. */
export type Report = { readonly json: unknown; readonly views: ReadonlyArray<View> }

export const headline = (text: string, tone: Tone = 'notice'): View => ({ _tag: 'Headline', text, tone })
export const fields = (rows: ReadonlyArray<Row>): View => ({ _tag: 'Fields', rows })
export const table = (
  head: ReadonlyArray<string>,
  rows: ReadonlyArray<ReadonlyArray<string>>,
  inColumns = false
): View => ({ _tag: 'Table', head, rows, inColumns })
