import { nextTurn } from '../node/timer.ts'

/** So many callers go on at once: a thread has the next group before all of them have asked again. */
export const sliceSize = 16

/** How much the last one counts in a mean. */
const weight = 0.2

/** A mean that follows what it is told; 0 before it is told anything. */
export const movingMean = () => {
  let mean: number | undefined
  return {
    add: (value: number): void => {
      mean = mean === undefined ? value : mean + weight * (value - mean)
    },
    get: (): number => mean ?? 0
  }
}

export type SlicedAnswers = {
  readonly give: (answers: ReadonlyArray<() => void>) => void
  /** How many are not given yet. */
  readonly left: () => number
  /** What callers do with an answer until they ask again, ms. */
  readonly meanMs: () => number
}

/**
 * Gives answers in slices, with a turn of the event loop between: callers that all went on at once would all wait at
 * once too, nobody would work while their group is written, and nobody else would have a turn.
 */
export const slicedAnswers = (): SlicedAnswers => {
  const mean = movingMean()
  let left = 0
  const giveAll = async (answers: ReadonlyArray<() => void>): Promise<void> => {
    // whoever gives them has the next group to send first
    await nextTurn()
    for (let from = 0; from < answers.length; from += sliceSize) {
      const slice = answers.slice(from, from + sliceSize)
      const began = performance.now()
      for (const give of slice) give()
      left -= slice.length
      await nextTurn()
      mean.add((performance.now() - began) / slice.length)
    }
  }
  return {
    give: (answers) => {
      left += answers.length
      void giveAll(answers)
    },
    left: () => left,
    meanMs: mean.get
  }
}
