import fc from 'fast-check'
import * as E from 'fp-ts/Either'
import { describe, it } from 'vitest'
import { canonicalJson } from '../../src/domain/json.ts'
import { takenJson } from '../../src/domain/taken-json.ts'

/** What a caller may hand over: JSON, and within it what JSON takes in its own way. */
const handed = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.jsonValue({ maxDepth: 1 }),
    fc.constant(undefined),
    fc.date(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    // what a toJSON gives is not asked for another one
    fc.jsonValue({ maxDepth: 2 }).map((inner) => ({ toJSON: () => inner })),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.string({ unit: 'binary' }), tie('value'), { maxKeys: 4 })
  )
})).value

describe('what JSON can hold', () => {
  it('is taken exactly as JSON.stringify takes it, and is JSON', () => {
    fc.assert(
      fc.property(handed, (value) => {
        const taken = takenJson(value, '$')
        const text = JSON.stringify(value)
        if (E.isLeft(taken) || JSON.stringify(taken.right) !== text) return false
        return taken.right === undefined || E.isRight(canonicalJson(taken.right))
      })
    )
  })
  it('is never a throw, whatever is handed over', () => {
    fc.assert(
      fc.property(
        fc.anything({
          withBigInt: true,
          withDate: true,
          withMap: true,
          withSet: true,
          withSparseArray: true,
          withTypedArray: true
        }),
        (value) => {
          const taken = takenJson(value, '$')
          return E.isRight(taken) || taken.left.path?.startsWith('$') === true
        }
      )
    )
  })
})
