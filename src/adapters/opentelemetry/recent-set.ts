export type RecentSet = {
  /** Whether it was not there before. */
  readonly add: (value: string) => boolean
  /** Whether it was there. */
  readonly remove: (value: string) => boolean
}

/** The texts that were added last, so many at most: the oldest is let go of. */
export const recentSet = (max: number): RecentSet => {
  const values = new Set<string>()
  return {
    add: (value) => {
      if (values.has(value)) return false
      values.add(value)
      const [oldest] = values
      if (values.size > max && oldest !== undefined) values.delete(oldest)
      return true
    },
    remove: (value) => values.delete(value)
  }
}
