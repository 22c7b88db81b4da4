import { describe, expect, it } from 'vitest'
import { operationsUpTo } from '../../../../src/adapters/opentelemetry/operations.ts'
import { recentSet } from '../../../../src/adapters/opentelemetry/recent-set.ts'

describe('operations', () => {
  it('are told apart up to their bound, and those that are known stay so', () => {
    const operations = operationsUpTo(2)
    expect(['a', 'b', 'c', 'a', 'b'].map(operations.ofRecord)).toEqual(['a', 'b', '_OTHER', 'a', 'b'])
  })
  it('of requests that were refused take no place', () => {
    const operations = operationsUpTo(1)
    expect(operations.ofRequest('forged', false)).toBe('_OTHER')
    expect(operations.ofRecord('real')).toBe('real')
    expect(operations.ofRequest('real', false)).toBe('real')
  })
  it('are what the ledger makes of them: trimmed', () => {
    const operations = operationsUpTo(1)
    expect(operations.ofRequest('\u0085 op ', true)).toBe('op')
    expect(operations.ofRecord('op')).toBe('op')
  })
  it.each([
    ['too long', 'x'.repeat(257)],
    ['blank', '  ']
  ])('that are %s are not told apart', (_, operation) => {
    expect(operationsUpTo(1).ofRequest(operation, true)).toBe('_OTHER')
  })
  it('are none where none are wanted', () => {
    expect(operationsUpTo(0).ofRecord('op')).toBe('_OTHER')
  })
})

describe('a set of what came last', () => {
  it('knows what it has, and lets go of the oldest', () => {
    const set = recentSet(2)
    expect(['a', 'a', 'b', 'c', 'a'].map(set.add)).toEqual([true, false, true, true, true])
    expect(set.remove('b')).toBe(false)
    expect(set.remove('c')).toBe(true)
    expect(set.remove('c')).toBe(false)
  })
})
