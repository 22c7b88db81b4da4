import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rendered } from '../../../../src/interfaces/cli/terminal/render.ts'
import { table } from '../../../../src/interfaces/cli/terminal/view.ts'
import { widthOf } from '../../../../src/interfaces/cli/terminal/width.ts'

const cell = fc.oneof(fc.string({ maxLength: 80 }), fc.constantFrom('漢字かな', 'é', 'ｆｕｌｌ', 'one two three'))
const column = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'abc '), minLength: 1, maxLength: 12 }),
  fc.record({ name: fc.constantFrom('owner', 'tenant'), drop: fc.nat({ max: 9 }) })
)

describe('a table on a terminal', () => {
  it('never goes beyond the line, where each column has room for its least', () => {
    const tables = fc
      .integer({ min: 1, max: 5 })
      .chain((columns) =>
        fc.tuple(
          fc.array(column, { minLength: columns, maxLength: columns }),
          fc.array(fc.array(cell, { minLength: columns, maxLength: columns }), { maxLength: 5 })
        )
      )
    fc.assert(
      fc.property(tables, fc.integer({ min: 60, max: 160 }), ([head, rows], lineLength) => {
        // digits are never shortened: they would say something else
        const texts = rows.map((row) => row.map((one) => (/^[\d:.TZ+-]+$/.test(one) ? 'x' : one)))
        const views = [table(head, texts)]
        const lines = [...rendered({ json: {}, views }, { form: 'terminal', colour: false, lineLength })]
        for (const line of lines) expect(widthOf(line.replace(/\n$/, ''))).toBeLessThanOrEqual(lineLength)
      })
    )
  })
})
