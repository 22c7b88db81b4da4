/** Whether a store is still open. What runs registers here, so that nothing is left waiting after the end. */
export type Lifetime = {
  readonly isOver: () => boolean
  /** Calls back once, at the end. Returns how to take the wish back. */
  readonly onEnd: (callback: () => void) => () => void
  readonly end: () => void
}

export const lifetime = (): Lifetime => {
  const callbacks = new Set<() => void>()
  let over = false
  return {
    isOver: () => over,
    onEnd: (callback) => {
      // an own entry for every wish: the same function may be registered twice
      const entry = (): void => callback()
      callbacks.add(entry)
      return () => callbacks.delete(entry)
    },
    end: () => {
      over = true
      const all = [...callbacks]
      callbacks.clear()
      for (const callback of all) callback()
    }
  }
}
