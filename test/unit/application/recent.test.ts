import { describe, expect, it } from 'vitest'
import { recent } from '../../../src/application/stream/recent.ts'

const names = (count: number): ReadonlyArray<string> => Array.from({ length: count }, (_, index) => `${index}`)

describe('what was used last', () => {
  it('is kept up to half of what all may weigh, however much comes', () => {
    const kept = recent<number>(100)
    for (const [index, name] of names(1000).entries()) {
      kept.set(name, index, 5)
      for (let back = 0; back < 10; back++) {
        const earlier = index - back
        if (earlier >= 0) expect(kept.get(`${earlier}`)).toBe(earlier)
      }
    }
  })
  it('never weighs more than it may', () => {
    const kept = recent<string>(100)
    for (const name of names(1000)) kept.set(name, name, 7)
    const held = names(1000).filter((name) => kept.get(name) !== undefined)
    expect(held.length).toBeGreaterThan(0)
    expect(held.length * 7).toBeLessThanOrEqual(100)
  })
  it('stays while it is used, whatever else comes', () => {
    const kept = recent<string>(100)
    kept.set('used', 'still here', 5)
    for (const name of names(1000)) {
      kept.set(name, name, 5)
      expect(kept.get('used')).toBe('still here')
    }
  })
  it('weighs what it weighed last', () => {
    const kept = recent<number>(100)
    kept.set('other', 1, 10)
    for (let index = 0; index < 1000; index++) kept.set('same', index, 10)
    expect(kept.get('same')).toBe(999)
    expect(kept.get('other')).toBe(1)
  })
  it('is the newest value once an older one was dropped, or has grown too heavy to be kept', () => {
    const kept = recent<number>(100)
    kept.set('a', 1, 30)
    kept.set('b', 2, 30)
    kept.set('b', 3, 30)
    kept.drop('a')
    expect(kept.get('a')).toBeUndefined()
    expect(kept.get('b')).toBe(3)
    kept.set('b', 4, 51)
    expect(kept.get('b')).toBeUndefined()
  })
})
