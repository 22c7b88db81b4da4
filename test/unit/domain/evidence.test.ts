import { createHash } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ClaimHash } from '../../../src/domain/claim.ts'
import {
  EarlierClaims,
  maxRejections,
  mayBeEarlier,
  noRejections,
  Rejections,
  rejectionDigest,
  withEarlier,
  withRejection
} from '../../../src/domain/evidence.ts'
import type { Outcome } from '../../../src/domain/outcome.ts'
import { sha256OfText } from '../../../src/domain/sha256-of-text.ts'
import * as ex from '../../arbitraries/examples.ts'

const claims = (count: number): ReadonlyArray<ClaimHash> =>
  Array.from({ length: count }, (_, index) => ex.hashOf(`claim-${index + 1}`))

const remembered = (all: ReadonlyArray<ClaimHash | undefined>): string => all.reduce(withEarlier, '')

describe('the claims of earlier epochs', () => {
  it('are each told from a forged one, by how long ago they were', () => {
    const all = claims(5)
    const earlier = remembered(all)
    for (const [index, claim] of all.toReversed().entries()) {
      expect(mayBeEarlier(earlier, index + 1, claim)).toBe(true)
      expect(mayBeEarlier(earlier, index + 1, ex.hashOf('forged'))).toBe(false)
      expect(mayBeEarlier(earlier, index + 2, claim)).toBe(index === 4)
    }
  })
  it('are remembered for 128 epochs, and of those before nothing is said', () => {
    const all = claims(200)
    const earlier = remembered(all)
    expect(earlier).toHaveLength(128 * 16)
    expect(mayBeEarlier(earlier, 128, ex.hashOf('forged'))).toBe(false)
    expect(mayBeEarlier(earlier, 128, ex.hashOf('claim-73'))).toBe(true)
    expect(mayBeEarlier(earlier, 129, ex.hashOf('forged'))).toBe(true)
    expect(EarlierClaims.is(earlier)).toBe(true)
    expect(EarlierClaims.is(`${earlier}${'0'.repeat(16)}`)).toBe(false)
  })
  it('have a place for an epoch without one, which no claim fits', () => {
    const earlier = remembered([ex.hashOf('a'), undefined, ex.hashOf('b')])
    expect(mayBeEarlier(earlier, 2, ex.hashOf('a'))).toBe(false)
    expect(mayBeEarlier(earlier, 3, ex.hashOf('a'))).toBe(true)
    expect(EarlierClaims.is(earlier)).toBe(true)
  })
  it.each([undefined, 7, 'x'.repeat(16), 'a'.repeat(15), 'A'.repeat(16)])('are none where they are %s', (value) => {
    expect(EarlierClaims.is(value)).toBe(false)
  })
})

describe('the rejections of an epoch', () => {
  const outcome = (n: number, completedAtMs = 5): Outcome => ex.outcome({ details: n, completedAtMs }) as Outcome

  it('hold one digest for a claim and an outcome, its time apart', () => {
    const once = withRejection(noRejections, ex.holder, outcome(1))
    expect(withRejection(once, ex.holder, outcome(1, 99))).toBe(once)
    expect(withRejection(once, {}, outcome(1))).toHaveLength(2)
    expect(withRejection(once, ex.holderOf(2, 'claim-1'), outcome(1))).toHaveLength(2)
    expect(withRejection(once, ex.holder, outcome(2))).toHaveLength(2)
  })
  it('are 64 at most, however large the outcomes are', () => {
    let all = noRejections
    for (let n = 0; n < 200; n++) all = withRejection(all, ex.holder, outcome(n))
    expect(all).toHaveLength(maxRejections)
    expect(all).toContain(rejectionDigest(ex.holder, outcome(63)))
    expect(all).not.toContain(rejectionDigest(ex.holder, outcome(64)))
    expect(JSON.stringify(all).length).toBeLessThan(64 * 36)
    expect(Rejections.is(all)).toBe(true)
    expect(Rejections.is([...all, rejectionDigest({}, outcome(0))])).toBe(false)
    expect(Rejections.is(['x'])).toBe(false)
  })
})

describe('the fold’s own SHA-256', () => {
  it('is SHA-256, of any text', () => {
    const reference = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex')
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        expect(sha256OfText(text)).toBe(reference(text))
      }),
      { numRuns: 300 }
    )
    for (let length = 0; length <= 130; length++) {
      expect(sha256OfText('x'.repeat(length))).toBe(reference('x'.repeat(length)))
    }
    expect(sha256OfText('é'.repeat(512 * 1024))).toBe(reference('é'.repeat(512 * 1024)))
  })
})
