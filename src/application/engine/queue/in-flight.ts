/** Works under way: how many there are, not which, since every command is one of them. */
export type InFlight = {
  readonly track: <A>(work: () => Promise<A>) => Promise<A>
  /** Resolves once no work is under way. */
  readonly idle: () => Promise<void>
}

export const inFlight = (): InFlight => {
  const waiters: Array<() => void> = []
  let count = 0
  return {
    track: async (work) => {
      count++
      try {
        return await work()
      } finally {
        count--
        if (count === 0) for (const wake of waiters.splice(0)) wake()
      }
    },
    idle: () => (count === 0 ? Promise.resolve() : new Promise((resolve) => waiters.push(resolve)))
  }
}
