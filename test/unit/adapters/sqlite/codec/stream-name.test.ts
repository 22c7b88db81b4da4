import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { boundsOf, streamName, streamOf } from '../../../../../src/adapters/sqlite/codec/stream-name.ts'

const digest = fc.string().map((text) => createHash('sha256').update(text).digest('hex'))
const stream = fc.oneof(
  digest.map((hash) => `idempotency-idem_${hash}`),
  fc.tuple(fc.constantFrom('idempotency-idem', 'other-idem_', 'x', '', 'a'.repeat(70)), digest).map(([a, b]) => a + b),
  fc.string({ minLength: 1 }).map((text) => text.toWellFormed()),
  fc.string({ unit: 'binary', minLength: 1 }).map((text) => text.toWellFormed())
)

describe('the name of a stream', () => {
  it('comes back from its bytes', () => {
    fc.assert(
      fc.property(stream, (name) => void expect(streamOf(streamName(name))).toBe(name)),
      { numRuns: 2000 }
    )
  })

  it('of a key takes 33 bytes', () => {
    fc.assert(fc.property(digest, (hash) => void expect(streamName(`idempotency-idem_${hash}`)).toHaveLength(33)))
  })

  it('has bytes of its own', () => {
    fc.assert(
      fc.property(stream, stream, (a, b) => void expect(streamName(a).equals(streamName(b))).toBe(a === b)),
      { numRuns: 2000 }
    )
  })

  it('is within the bounds of each of its beginnings', () => {
    fc.assert(
      fc.property(stream, fc.nat(200), (name, length) => {
        const [from, below, onward] = boundsOf(
          name.slice(0, length).toWellFormed() === name.slice(0, length) ? name.slice(0, length) : ''
        )
        const bytes = streamName(name)
        const isWithin =
          (bytes.compare(from) >= 0 && bytes.compare(below) < 0) || (onward !== null && bytes.compare(onward) >= 0)
        expect(isWithin).toBe(true)
      }),
      { numRuns: 2000 }
    )
  })

  it('of another beginning is mostly outside of them', () => {
    const [from, below, onward] = boundsOf('idempotency-idem_')
    expect(onward).toEqual(Buffer.of(0xff))
    for (const other of ['other-idem_1', 'idempotency-x', 'z', '\u{10FFFF}']) {
      const bytes = streamName(other)
      expect(bytes.compare(from) >= 0 && bytes.compare(below) < 0).toBe(false)
      expect(bytes.compare(Buffer.of(0xff)) >= 0).toBe(false)
    }
    expect(boundsOf('other-idem_')[2]).toBeNull()
  })
})
