import { parse } from 'csv-parse/sync'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csvText } from '../../../src/adapters/csv/csv-text.ts'

/** What a spreadsheet takes for the beginning of a formula. */
const formula = /^(\s*[=+\-@＝＋－＠]|[\t\r])/

const rowsIn = (text: string): ReadonlyArray<ReadonlyArray<string>> => parse(text, { record_delimiter: '\r\n' })

const cell = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠', ',', '"', "'", ' ', 'a')
  }),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constant(undefined)
)

const expected = (one: string | number | undefined): string => {
  if (typeof one === 'number') return String(one)
  if (one === undefined) return ''
  return formula.test(one) ? `'${one}` : one
}

describe('CSV', () => {
  it.each([
    [['a', 'b'], 'a,b\r\n'],
    [['a,b', 'say "no"', 'two\nlines', 'two\r\nlines'], '"a,b","say ""no""","two\nlines","two\r\nlines"\r\n'],
    [['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'], "'=1+1,'+1,'-1,'@SUM(A1),'\t=1,\"'\r=1\"\r\n"],
    [['＝1', '＋1', '－1', '＠A'], "'＝1,'＋1,'－1,'＠A\r\n"],
    [['\n=1', ' =1', '\u00a0@A', ' a', '\n\n'], '"\'\n=1",\' =1,\'\u00a0@A, a,"\n\n"\r\n'],
    [[-1, -1.5, 1e300, 0], '-1,-1.5,1e+300,0\r\n'],
    [[undefined, '', 0, 'x'], ',,0,x\r\n'],
    [["'", "a='b", "=cmd|' /C calc'!A0,\""], "',a='b,\"'=cmd|' /C calc'!A0,\"\"\"\r\n"]
  ])('of %j is as it should be', (row, text) => {
    expect(csvText([row])).toBe(text)
  })
  it('of no rows is nothing', () => {
    expect(csvText([])).toBe('')
  })
  it('is read again as it was, and no text in it begins as a formula does', () => {
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 5 }), { minLength: 1 }), (rows) => {
        const width = Math.min(...rows.map(({ length }) => length))
        const even = rows.map((row) => row.slice(0, width))
        const read = rowsIn(csvText(even))
        expect(read).toEqual(even.map((row) => row.map(expected)))
        for (const [at, row] of even.entries()) {
          for (const [column, one] of row.entries()) {
            if (typeof one === 'string') expect(read[at]?.[column]).not.toMatch(formula)
          }
        }
      }),
      { numRuns: 500 }
    )
  })
})
