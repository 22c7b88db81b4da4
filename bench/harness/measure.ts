import { performance } from 'node:perf_hooks'

export const elapsed = async (work: () => unknown): Promise<number> => {
  const began = performance.now()
  await work()
  return performance.now() - began
}

export const median = (values: ReadonlyArray<number>): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const [low = Number.NaN, high = Number.NaN] = [sorted[middle - 1 + (sorted.length % 2)], sorted[middle]]
  return (low + high) / 2
}

export const percentile = (values: ReadonlyArray<number>, share: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN

/**
 * The medians of two works in ms, taken in turns: what slows the machine down for a while slows both. A first round,
 * -1, in which both are compiled, does not count.
 */
export const inTurns = async (
  rounds: number,
  a: (round: number) => Promise<number>,
  b: (round: number) => Promise<number>
): Promise<readonly [a: number, b: number, ratioOfBToA: number]> => {
  const [as, bs, ratios]: [Array<number>, Array<number>, Array<number>] = [[], [], []]
  for (let round = -1; round < rounds; round++) {
    const [first, second] = [await a(round), await b(round)]
    if (round < 0) continue
    as.push(first)
    bs.push(second)
    ratios.push(second / first)
  }
  return [median(as), median(bs), median(ratios)]
}

/** Runs `total` works, so many of them at a time. */
export const callers = async (at: number, total: number, work: (index: number) => Promise<unknown>): Promise<void> => {
  let next = 0
  const caller = async (): Promise<void> => {
    while (next < total) await work(next++)
  }
  await Promise.all(Array.from({ length: at }, caller))
}
