import { describe, expect, it } from 'vitest'
import { nodeRandom } from '../../../../src/adapters/node/random.ts'

/** More than one asking for random bytes gives. */
const made = Array.from({ length: 5000 }, nodeRandom.uuid)

describe('a random UUID', () => {
  it('has the form of version 4 and of RFC 9562', () => {
    for (const uuid of made) {
      expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    }
  })
  it('never comes twice', () => {
    expect(new Set(made).size).toBe(made.length)
  })
  it('is random wherever its form leaves it so: every digit stands in every other place', () => {
    const fixed = [8, 13, 14, 18, 19, 23]
    const places = Array.from({ length: 36 }, (_, place) => place).filter((place) => !fixed.includes(place))
    for (const place of places) expect(new Set(made.map((uuid) => uuid[place])).size).toBe(16)
    expect(new Set(made.map((uuid) => uuid[19]))).toEqual(new Set(['8', '9', 'a', 'b']))
  })
})
