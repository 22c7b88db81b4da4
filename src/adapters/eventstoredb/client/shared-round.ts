import { constVoid } from 'fp-ts/function'

/**
 * A work whose result many share that ask for it at the same time. It always begins after they asked: who comes while it
 * runs waits for the next round.
 */
export const sharedRound = <A>(work: () => Promise<A>): (() => Promise<A>) => {
  let running: Promise<unknown> = Promise.resolve()
  let next: Promise<A> | undefined
  return () => {
    next ??= running.then(constVoid, constVoid).then(() => {
      next = undefined
      const begun = work()
      running = begun
      return begun
    })
    return next
  }
}
