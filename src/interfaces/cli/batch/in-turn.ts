import type { Reach } from './operation.ts'

/** Runs works that reach something as if one after another. */
export type InTurn = <A>(reach: Reach, work: () => Promise<A>) => Promise<A>

/**
 * Works on different keys run at once, those on one key in their order. One that reaches all keys waits for all before it,
 * and all after it wait for it. What is remembered is what runs.
 */
export const inTurn = (): InTurn => {
  /** The last on each key since the last on all. */
  const lastOn = new Map<string, Promise<unknown>>()
  let lastOnAll: Promise<unknown> | undefined

  const after = <A>(before: Promise<unknown> | undefined, work: () => Promise<A>): Promise<A> =>
    before === undefined ? work() : before.then(work, work)

  const onKey = <A>(recordId: string, work: () => Promise<A>): Promise<A> => {
    const running = after(lastOn.get(recordId) ?? lastOnAll, work)
    lastOn.set(recordId, running)
    const forget = (): void => {
      if (lastOn.get(recordId) === running) lastOn.delete(recordId)
    }
    running.then(forget, forget)
    return running
  }

  const onAll = <A>(work: () => Promise<A>): Promise<A> => {
    const running = after(Promise.allSettled([lastOnAll, ...lastOn.values()]), work)
    lastOn.clear()
    lastOnAll = running
    const forget = (): void => {
      if (lastOnAll === running) lastOnAll = undefined
    }
    running.then(forget, forget)
    return running
  }

  return (reach, work) => {
    switch (reach._tag) {
      case 'Key':
        return onKey(reach.recordId, work)
      case 'All':
        return onAll(work)
      case 'Nothing':
        return work()
    }
  }
}
