/** Works under way: how many there are, not which, since every command is one of them. */
export type InFlight = {
  readonly track: <A>(work: () => Promise<A>) => Promise<A>
  /** Resolves once no work is under way. */
  readonly idle: () => Promise<void>
}

export const inFlight = (): InFlight => {
  const waiters: Array<() => void> = []
  let count = 0
  const over = (): void => {
    count--
    if (count === 0) for (const wake of waiters.splice(0)) wake()
  }
  return {
    track: (work) => {
      count++
      try {
        const answered = work()
        // no `await`, as wherever every command comes through: a frame of its own is more garbage than what it says
        answered.then(over, over)
        return answered
      } catch (cause) {
        over()
        return Promise.reject(cause)
      }
    },
    idle: () => (count === 0 ? Promise.resolve() : new Promise((resolve) => waiters.push(resolve)))
  }
}
