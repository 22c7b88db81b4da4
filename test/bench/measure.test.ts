import { afterEach, describe, expect, it, vi } from 'vitest'
import { inTurns, median, ratio } from '../../bench/harness/measure.ts'
import { rounds, shortRounds } from '../../bench/harness/rounds.ts'
import { eventsWanted } from '../../bench/projections/events-wanted.ts'

/** Works that note who was taken when, and take as long as they are told. */
const noting = () => {
  const taken: Array<string> = []
  const work = (name: string, times: ReadonlyArray<number>) => async (round: number) => {
    taken.push(`${name}${round}`)
    return times[round] ?? Number.NaN
  }
  return { taken, works: { a: work('a', [10, 20, 30]), b: work('b', [20, 10, 90]) } }
}

afterEach(() => vi.unstubAllEnvs())

describe('works taken in turns', () => {
  it('a round in which all are compiled does not count', async () => {
    const { taken, works } = noting()
    expect(await inTurns(3, works)).toEqual({ a: [10, 20, 30], b: [20, 10, 90] })
    expect(taken).toEqual(['a-1', 'b-1', 'a0', 'b0', 'a1', 'b1', 'a2', 'b2'])
  })

  it('none always comes after the same one', async () => {
    const { taken, works } = noting()
    const times = await inTurns(3, works, 'alternating')
    expect(taken.slice(2)).toEqual(['a0', 'b0', 'b1', 'a1', 'a2', 'b2'])
    expect(times).toEqual({ a: [10, 20, 30], b: [20, 10, 90] })
  })

  it('a ratio is that of the rounds, and not that of the medians: a slow while falls on both', () => {
    expect(ratio([20, 10, 90], [10, 20, 30])).toBe(2)
    expect(median([20, 10, 90]) / median([10, 20, 30])).toBe(1)
    // a machine ten times as slow in one round
    expect(ratio([3, 30, 3], [2, 20, 2])).toBe(1.5)
  })

  it('a round that one of them did not have makes no figure', () => expect(ratio([1, 2], [])).toBeNaN())

  it('a failure of one ends the benchmark', async () => {
    const failing = async (): Promise<number> => Promise.reject(new Error('answered Conflict'))
    await expect(inTurns(3, { a: failing })).rejects.toThrow('answered Conflict')
  })
})

describe('a short run', () => {
  it('takes fewer rounds, and never more', async () => {
    vi.stubEnv('KEYFOLD_BENCH_ROUNDS', '2')
    expect([rounds(7), rounds(1)]).toEqual([2, 1])
    expect((await inTurns(3, noting().works)).a).toEqual([10, 20])
  })
  it('is none where nothing was asked for', () => {
    vi.stubEnv('KEYFOLD_BENCH_ROUNDS', '')
    expect([rounds(7), shortRounds()]).toEqual([7, undefined])
  })
  it.each(['0', '-1', '1.5', 'many', '10000', '1e3'])('%s is no number of rounds', (given) =>
    expect(() => shortRounds(given)).toThrow('KEYFOLD_BENCH_ROUNDS must be a number of rounds')
  )
})

describe('the events that are projected', () => {
  it.each([
    [undefined, 200_000],
    ['', 200_000],
    ['1000000', 1_000_000]
  ])('by %s are %s', (given, wanted) => expect(eventsWanted(given)).toBe(wanted))
  it.each(['0', '99', '-1', '1e6', '10000000', 'many'])('%s is no number of them', (given) =>
    expect(() => eventsWanted(given)).toThrow('KEYFOLD_BENCH_EVENTS must be a number of events')
  )
})
