/** Values by key, of which those that were used last are kept: as many as weigh `most` together at most. */
export type Recent<A> = {
  readonly get: (key: string) => A | undefined
  readonly set: (key: string, value: A, weight: number) => void
  readonly drop: (key: string) => void
}

type Weighed<A> = { value: A; weight: number }

/**
 * Two generations: what is used goes into the younger one; once that weighs half of what may be kept, it becomes the
 * older one, and what was not used since goes all at once. So what was used last is kept up to half of that weight at the
 * least. On the hot path: to keep every value's place in the order of use cost a tenth of a command.
 */
export const recent = <A>(most: number): Recent<A> => {
  let younger = new Map<string, Weighed<A>>()
  let older = new Map<string, Weighed<A>>()
  let weighs = 0

  const put = (key: string, value: A, weight: number): void => {
    const there = younger.get(key)
    if (there === undefined) {
      younger.set(key, { value, weight })
      weighs += weight
    } else {
      weighs += weight - there.weight
      there.value = value
      there.weight = weight
    }
    if (weighs <= most / 2) return
    older = younger
    younger = new Map()
    weighs = 0
  }

  const drop = (key: string): void => {
    weighs -= younger.get(key)?.weight ?? 0
    younger.delete(key)
    older.delete(key)
  }

  return {
    get: (key) => {
      const young = younger.get(key)
      if (young !== undefined) return young.value
      const old = older.get(key)
      if (old === undefined) return undefined
      put(key, old.value, old.weight)
      return old.value
    },
    set: (key, value, weight) => {
      // one that is too heavy would drive out all others, and itself
      if (weight > most / 2) drop(key)
      else put(key, value, weight)
    },
    drop
  }
}
