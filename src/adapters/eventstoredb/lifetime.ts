/** Whether a store is still open. What runs registers here, so that nothing is left waiting after the end. */
export type Lifetime = {
  readonly isOver: () => boolean
  /** Calls back once, at the end. Returns how to take the wish back. A callback counts once. */
  readonly onEnd: (callback: () => void) => () => void
  readonly end: () => void
}

export const lifetime = (): Lifetime => {
  const callbacks = new Set<() => void>()
  let over = false
  return {
    isOver: () => over,
    onEnd: (callback) => {
      callbacks.add(callback)
      return () => callbacks.delete(callback)
    },
    end: () => {
      over = true
      const all = [...callbacks]
      callbacks.clear()
      for (const callback of all) callback()
    }
  }
}
