import fc from 'fast-check'
import { describe, it } from 'vitest'
import { fingerprint } from '../../src/composition/hashing.ts'

const text = fc.string({ unit: 'binary' }).filter((part) => part.isWellFormed())

describe('a fingerprint of bytes', () => {
  it('is that of the text that they are the UTF-8 of, whichever parts are bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(text, fc.boolean())), (parts) => {
        const mixed = parts.map(([part, asBytes]) => (asBytes ? new TextEncoder().encode(part) : part))
        return fingerprint(mixed) === fingerprint(parts.map(([part]) => part))
      })
    )
  })
  it('differs where the parts do, however their bytes are cut', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), fc.nat(), (bytes, at) => {
        const cut = at % bytes.length
        return fingerprint([bytes]) !== fingerprint([bytes.subarray(0, cut), bytes.subarray(cut)])
      })
    )
  })
})
