/** Values by key, of which those that were used last are kept. */
export type Generations<A> = {
  readonly get: (key: string) => A | undefined
  readonly set: (key: string, value: A) => void
  readonly drop: (key: string) => void
}

/**
 * Two generations: what is used goes into the younger one; once that weighs half of what may be kept, it becomes the
 * older one, and what was not used since goes all at once. So what was used last is kept up to half of that weight at the
 * least. On the hot path: to keep every value's place in the order of use cost a tenth of a command. `weightOf` gives the
 * same for as long as a value is kept.
 */
export const generations = <A>(most: number, weightOf: (value: A) => number): Generations<A> => {
  let younger = new Map<string, A>()
  let older = new Map<string, A>()
  let weighs = 0

  const put = (key: string, value: A): void => {
    const there = younger.get(key)
    weighs += weightOf(value) - (there === undefined ? 0 : weightOf(there))
    younger.set(key, value)
    if (weighs <= most / 2) return
    older = younger
    younger = new Map()
    weighs = 0
  }

  const drop = (key: string): void => {
    const there = younger.get(key)
    if (there !== undefined) weighs -= weightOf(there)
    younger.delete(key)
    older.delete(key)
  }

  return {
    get: (key) => {
      const young = younger.get(key)
      if (young !== undefined) return young
      const old = older.get(key)
      if (old !== undefined) put(key, old)
      return old
    },
    set: (key, value) => {
      // one that is too heavy would drive out all others, and itself
      if (weightOf(value) > most / 2) drop(key)
      else put(key, value)
    },
    drop
  }
}
