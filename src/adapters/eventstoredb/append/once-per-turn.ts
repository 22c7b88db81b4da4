import { nextTurn } from '../../node/timer.ts'

/** Runs a work at once where no other is under way, else at the end of this turn of the event loop. */
export type OncePerTurn = <A>(work: () => Promise<A>) => Promise<A>

/**
 * Answers come in many at a time. Where each is followed up by itself, the ledger's code and the client's take turns in
 * driving each other out of the processor's caches, which costs more than either: so what is to be sent is sent
 * together.
 */
export const oncePerTurn = (): OncePerTurn => {
  let underWay = 0
  let end: Promise<void> | undefined

  const endOfTurn = (): Promise<void> => {
    end ??= nextTurn().then(() => {
      end = undefined
    })
    return end
  }

  return async (work) => {
    if (underWay++ > 0) await endOfTurn()
    try {
      return await work()
    } finally {
      underWay--
    }
  }
}
