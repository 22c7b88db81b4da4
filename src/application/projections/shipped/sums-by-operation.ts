import { mostOperations, otherOperations } from '../../../domain/reports/stats.ts'

/** Sums of keys by what they were for: 1,000 operations are told apart, any others are one. */
export const sumsByOperation = <A>(begin: () => A) => {
  const sums = new Map<string, A>()
  return {
    of: (operation: string): A => {
      const name = sums.has(operation) || sums.size < mostOperations ? operation : otherOperations
      const sum = sums.get(name) ?? begin()
      sums.set(name, sum)
      return sum
    },
    all: (): ReadonlyArray<readonly [operation: string, sum: A]> => [...sums]
  }
}
