import { startTimer } from '../../node/timer.ts'
import type { Lifetime } from '../client/lifetime.ts'

/** How work ended that had only so long: with its own result, at its deadline, or because the store was disposed of. */
export type Timed<A> =
  | { readonly _tag: 'Done'; readonly value: A }
  | { readonly _tag: 'Overdue' }
  | { readonly _tag: 'StoreOver' }

/**
 * Waits for work, but no longer than `ms` and no longer than the store lives. Needed because reads, the search for a
 * node and the first contact have no deadline at all. What the work does after that is nobody's business any more: a
 * late rejection is swallowed here. `work` must not throw.
 */
export const withinMs = <A>(ms: number, lifetime: Lifetime, work: () => Promise<A>): Promise<Timed<A>> =>
  new Promise((resolve, reject) => {
    const settle = (result: Timed<A>): void => {
      callOff()
      forget()
      resolve(result)
    }
    const callOff = startTimer(ms, () => settle({ _tag: 'Overdue' }))
    const forget = lifetime.onEnd(() => settle({ _tag: 'StoreOver' }))
    if (lifetime.isOver()) return settle({ _tag: 'StoreOver' })
    work().then(
      (value) => settle({ _tag: 'Done', value }),
      (cause) => {
        callOff()
        forget()
        reject(cause)
      }
    )
  })
