import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nestsDeeper } from '../../../src/domain/json-depth.ts'

const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0

/** Brackets in strings are no nesting; neither is what stands beside each other. */
const arbitraryValue = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'large' },
    fc.constantFrom('[', '{', '}]', '\\', '\\"[', '"', 7, null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', '[', '"{'), tie('value'), { maxKeys: 3 })
  )
})).value

describe('JSON that nests too deep', () => {
  it('is told from any other by its text', () => {
    fc.assert(
      fc.property(arbitraryValue, fc.nat({ max: 6 }), (value, most) => {
        expect(nestsDeeper(JSON.stringify(value), most)).toBe(depthOf(value) > most)
      }),
      { numRuns: 2000 }
    )
  })
  it('is found at once, however deep it is', () => {
    const deep = '[{"a":'.repeat(1_000_000)
    expect(nestsDeeper(deep, 4100)).toBe(true)
    expect(nestsDeeper(`"${'['.repeat(1_000_000)}"`, 4100)).toBe(false)
    expect(nestsDeeper(`${'['.repeat(4100)}${']'.repeat(4100)}`, 4100)).toBe(false)
    expect(nestsDeeper(`${'['.repeat(4101)}${']'.repeat(4101)}`, 4100)).toBe(true)
  })
})
