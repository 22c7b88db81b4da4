import type { Failure } from '../../../domain/failure.ts'

/**
 * Does some work for each item, so many at once and no more, until one of them fails or throws: that ends it, and no other
 * item is begun. Those that are under way ask `isOver`, and then tell nobody anything any more.
 */
export const inParallel = async <A>(
  items: ReadonlyArray<A>,
  limit: number,
  work: (item: A, isOver: () => boolean) => Promise<Failure | undefined>
): Promise<Failure | undefined> => {
  let next = 0
  let failed: Failure | undefined
  let over = false
  const isOver = (): boolean => over
  const worker = async (): Promise<void> => {
    try {
      for (let item = items[next++]; item !== undefined && !over; item = items[next++]) {
        const fault = await work(item, isOver)
        failed ??= fault
        over ||= fault !== undefined
      }
    } catch (cause) {
      over = true
      throw cause
    }
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker))
  return failed
}
