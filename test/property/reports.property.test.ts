import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Instant } from '../../src/domain/instant.ts'
import { bucketsOf, mergeBuckets, mostBuckets } from '../../src/domain/reports/buckets.ts'
import { conflictsOf, mergeConflicts, type SeenConflict } from '../../src/domain/reports/conflicts.ts'
import { type KeySight, sightAfter, standingOf } from '../../src/domain/reports/key-sight.ts'
import { emptySketch, mergeSketches, quantileOf, relativeError, sketchOf } from '../../src/domain/reports/sketch.ts'
import { mergeStats, noStatsYet, type Observation, statsOf } from '../../src/domain/reports/stats.ts'
import type { State } from '../../src/domain/state.ts'
import { arbitraryPlayed } from '../arbitraries/history.ts'

const lengths = fc.array(fc.oneof(fc.nat(5000), fc.maxSafeNat()), { maxLength: 200 })

describe('a sketch', () => {
  it('tells every quantile within its error', () => {
    fc.assert(
      fc.property(
        lengths.filter(({ length }) => length > 0),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, part) => {
          const exact = values.toSorted((a, b) => a - b)[Math.floor(part * (values.length - 1))] ?? 0
          const told = quantileOf(sketchOf(values), part) ?? Number.NaN
          // a little more for the arithmetic of the logarithm
          expect(Math.abs(told - exact)).toBeLessThanOrEqual(exact * relativeError * 1.000001)
        }
      ),
      { numRuns: 1000 }
    )
  })
  it('of parts, merged in any order and grouping, is that of the whole', () => {
    fc.assert(
      fc.property(lengths, lengths, lengths, (a, b, c) => {
        const [one, two, three] = [sketchOf(a), sketchOf(b), sketchOf(c)]
        const whole = sketchOf([...a, ...b, ...c])
        expect(mergeSketches(mergeSketches(one, two), three)).toEqual(whole)
        expect(mergeSketches(one, mergeSketches(two, three))).toEqual(whole)
        expect(mergeSketches(three, mergeSketches(two, one))).toEqual(whole)
        expect(mergeSketches(emptySketch, one)).toEqual(one)
        expect(mergeSketches(one, emptySketch)).toEqual(one)
      })
    )
  })
  it('has no more than 1,900 buckets, and none tells nothing', () => {
    const index = (value: number) => [...sketchOf([value]).buckets.keys()][0] ?? Number.NaN
    expect(index(Number.MAX_SAFE_INTEGER) - index(1)).toBeLessThan(1900)
    expect(quantileOf(emptySketch, 0.5)).toBeUndefined()
  })
})

const times = fc.array(
  fc.record({ type: fc.constantFrom('Reserved', 'Completed', 'Expired'), atMs: fc.nat(100_000_000) }),
  { maxLength: 60 }
)

describe('buckets of time', () => {
  it('of parts, merged, are those of the whole', () => {
    fc.assert(
      fc.property(times, times, fc.integer({ min: 1, max: 1_000_000 }), (a, b, width) => {
        expect(mergeBuckets(bucketsOf(a, width), bucketsOf(b, width))).toEqual(bucketsOf([...a, ...b], width))
      })
    )
  })
  it('are never too many: they become wider, and count what they counted', () => {
    const events = Array.from({ length: 5000 }, (_, n) => ({ type: 'Reserved' as const, atMs: n * 1000 }))
    const whole = bucketsOf(events, 1000)
    expect(whole).toMatchObject({ widthMs: 8000 })
    expect(whole.counts.size).toBe(625)
    expect(whole.counts.get(0)).toEqual({ Reserved: 8 })
    const merged = mergeBuckets(bucketsOf(events.slice(0, 900), 1000), bucketsOf(events.slice(900), 1000))
    expect(merged).toEqual(whole)
    expect(merged.counts.size).toBeLessThanOrEqual(mostBuckets)
    expect(
      bucketsOf(
        [
          { type: 'Reserved', atMs: 0 },
          { type: 'Reserved', atMs: 2 ** 53 - 1 }
        ],
        1
      ).counts.size
    ).toBe(2)
  })
})

const standingIn = (state: State) => {
  if (state._tag === 'Vacant') return 'free'
  const { record } = state
  return record.inDoubt !== undefined && record.outcome === undefined ? 'inDoubt' : record.status
}

describe('what reports keep of a key', () => {
  it('stands as its fold does', () => {
    const stood = new Set<string>()
    fc.assert(
      fc.property(arbitraryPlayed, ({ steps }) => {
        let sight: KeySight | undefined
        for (const { written, after } of steps) {
          for (const event of written) sight = sightAfter(sight, event)
          if (sight === undefined) continue
          expect(standingOf(sight)).toBe(standingIn(after.state))
          stood.add(standingOf(sight))
          if (after.state._tag === 'Vacant') continue
          const { record } = after.state
          const { operation, requestFingerprint, epoch, firstSeenAtMs, expiresAtMs } = record
          expect(sight).toMatchObject({ operation, requestFingerprint, epoch, firstSeenAtMs, expiresAtMs })
          expect(sight.hasOutcome).toBe(record.outcome !== undefined)
        }
      }),
      { numRuns: 200 }
    )
    expect([...stood].sort()).toEqual(['completed', 'conflicted', 'free', 'inDoubt', 'reserved'])
  })
})

const observed = fc.array(arbitraryPlayed, { maxLength: 4 }).map((played) => {
  const all: Array<Observation> = []
  for (const { events } of played) {
    let before: KeySight | undefined
    for (const event of events) {
      const after = sightAfter(before, event)
      if (after !== undefined) all.push({ event, before, after, recordedAtMs: event.data.atMs, counted: true })
      before = after
    }
  }
  return all
})

describe('statistics', () => {
  it('of parts, merged, are those of the whole, wherever it is cut', () => {
    fc.assert(
      fc.property(observed, fc.nat(), (all, at) => {
        const cut = all.length === 0 ? 0 : at % all.length
        const [a, b] = [statsOf(all.slice(0, cut), 1000), statsOf(all.slice(cut), 1000)]
        expect(mergeStats(a, b)).toEqual(mergeStats(noStatsYet(1000), statsOf(all, 1000)))
      }),
      { numRuns: 100 }
    )
  })
  it('count every key once', () => {
    fc.assert(
      fc.property(observed, (all) => {
        const begun = all.filter(({ before }) => before === undefined).length
        const keys = [...statsOf(all, 1000).operations.values()].flatMap((one) => Object.values(one.keys))
        expect(keys.reduce((sum, count) => sum + count, 0)).toBe(begun)
      }),
      { numRuns: 50 }
    )
  })
})

const instant = fc.nat(100).map((ms) => ms as Instant)

const conflict: fc.Arbitrary<SeenConflict> = fc
  .record({
    operation: fc.constantFrom('a', 'b', 'a","b'),
    requestFingerprint: fc.constantFrom('x', 'y', 'b","x'),
    firstAtMs: instant,
    atMs: instant,
    count: fc.integer({ min: 1, max: 5 }),
    owners: fc.uniqueArray(fc.constantFrom('me', 'you', 'they'), { minLength: 1 })
  })
  .map(({ operation, ...data }) => ({ operation, event: { type: 'ConflictRecorded', data } }))

describe('conflicts', () => {
  it('of parts, merged, are those of the whole', () => {
    fc.assert(
      fc.property(fc.array(conflict), fc.array(conflict), (a, b) => {
        const parts = mergeConflicts(conflictsOf(a), conflictsOf(b))
        const whole = conflictsOf([...a, ...b])
        expect([...parts.rows.keys()]).toEqual([...whole.rows.keys()])
        for (const [name, row] of parts.rows) expect(row).toEqual(whole.rows.get(name))
      })
    )
  })
  it('have no more rows than they may, and lose no count', () => {
    fc.assert(
      fc.property(fc.array(conflict), fc.array(conflict), (a, b) => {
        const { rows, unlisted } = mergeConflicts(conflictsOf(a, 2), conflictsOf(b, 2), 2)
        expect(rows.size).toBeLessThanOrEqual(2)
        const listed = [...rows.values()].reduce((sum, { count }) => sum + count, 0)
        expect(listed + unlisted).toBe([...a, ...b].reduce((sum, { event }) => sum + event.data.count, 0))
      })
    )
  })
})
