import { performance } from 'node:perf_hooks'
import { rounds } from './rounds.ts'

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

/** What each work took in each round. */
export type Turns<Name extends string> = Readonly<Record<Name, ReadonlyArray<number>>>

/**
 * Works taken in turns: what slows the machine down for a while slows all of them. A first round, -1, in which all are
 * compiled, does not count. `alternating` takes them backwards every other round, so that none always comes after the
 * same one; works that use what another left behind need them as they are.
 */
export const inTurns = async <Name extends string>(
  usualRounds: number,
  works: Readonly<Record<Name, (round: number) => Promise<number>>>,
  order: 'given' | 'alternating' = 'given'
): Promise<Turns<Name>> => {
  const names = Object.keys(works) as Array<Name>
  const times = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, Array<number>>
  for (let round = -1; round < rounds(usualRounds); round++) {
    const turns = order === 'alternating' && round % 2 !== 0 ? [...names].reverse() : names
    for (const name of turns) {
      const value = await works[name](round)
      if (round >= 0) times[name].push(value)
    }
  }
  return times
}

/** The median of what one took over what another took in the same round. */
export const ratio = (over: ReadonlyArray<number>, under: ReadonlyArray<number>): number =>
  median(over.map((value, round) => value / (under[round] ?? Number.NaN)))

/** Runs `total` works, so many of them at a time. */
export const callers = async (at: number, total: number, work: (index: number) => Promise<unknown>): Promise<void> => {
  let next = 0
  const caller = async (): Promise<void> => {
    while (next < total) await work(next++)
  }
  await Promise.all(Array.from({ length: at }, caller))
}
