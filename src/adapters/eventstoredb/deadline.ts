import type { Lifetime } from './lifetime.ts'

/** How work ended that had only so long: with its own result, at its deadline, or because the store was disposed of. */
export type Timed<A> =
  | { readonly _tag: 'Done'; readonly value: A }
  | { readonly _tag: 'Overdue' }
  | { readonly _tag: 'StoreOver' }

/**
 * Waits for work, but no longer than `ms` and no longer than the store lives. Needed because the client gives reads,
 * discovery and the first contact no deadline at all. What the work does after that is nobody's business any more: a
 * late rejection is swallowed here. `work` must not throw.
 */
export const withinMs = <A>(ms: number, lifetime: Lifetime, work: () => Promise<A>): Promise<Timed<A>> =>
  new Promise((resolve, reject) => {
    const settle = (result: Timed<A>): void => {
      clearTimeout(timer)
      forget()
      resolve(result)
    }
    const timer = setTimeout(() => settle({ _tag: 'Overdue' }), ms)
    const forget = lifetime.onEnd(() => settle({ _tag: 'StoreOver' }))
    if (lifetime.isOver()) return settle({ _tag: 'StoreOver' })
    work().then(
      (value) => settle({ _tag: 'Done', value }),
      (cause) => {
        clearTimeout(timer)
        forget()
        reject(cause)
      }
    )
  })
