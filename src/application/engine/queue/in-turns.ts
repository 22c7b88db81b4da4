/** Works on all items, so many at once. */
export const inTurns = async <A>(
  items: Iterable<A>,
  atOnce: number,
  work: (item: A) => Promise<unknown>
): Promise<void> => {
  const left = items[Symbol.iterator]()
  const worker = async (): Promise<void> => {
    for (let next = left.next(); next.done !== true; next = left.next()) await work(next.value)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}
