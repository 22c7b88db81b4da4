import { stringify } from 'csv-stringify/sync'

/** A text, a number of keyfold's own, or nothing. */
type CsvCell = string | number | undefined

/** Some spreadsheets take white space away first; what begins with a formula itself the library sees to. */
const hiddenFormula = /^\s+[=+\-@＝＋－＠]/

const defused = (text: string): string => (hiddenFormula.test(text) ? `'${text}` : text)

/**
 * Rows as CSV (RFC 4180: CRLF, quotes doubled, quoted where it takes that). A text that a spreadsheet would run as a formula
 * (`=`, `+`, `-`, `@`, their full-width forms, also behind white space; tab, CR) is written behind an apostrophe; numbers stay numbers.
 */
export const csvText = (rows: ReadonlyArray<ReadonlyArray<CsvCell>>): string =>
  // the library takes an empty list for a request to say what its columns are called
  rows.length === 0
    ? ''
    : stringify([...rows], {
        record_delimiter: 'windows',
        cast: { string: defused },
        escape_formulas: true,
        // a line feed alone ends a row for many readers: what comes after it would be a cell of its own
        quoted_match: /[\r\n]/
      })
