import * as E from 'fp-ts/Either'
import { abortWatch } from '../ports/abort-watch.ts'
import type { Timer } from '../ports/timer.ts'
import type { Supervision } from './supervise.ts'
import type { Recovery } from './task-context.ts'

const onAbort = abortWatch()

/**
 * What is asked on a takeover before the task. An answer of `recover` that is none is as good as not knowing; no answer at
 * all, as not having asked.
 */
export type Found<A> =
  | { readonly _tag: 'Outcome'; readonly value: A }
  | { readonly _tag: 'NotFound' }
  | { readonly _tag: 'Unknown'; readonly error: unknown }
  | { readonly _tag: 'NotAsked' }

const foundIn = <A>(recovery: Recovery<A>): Found<A> => {
  if (recovery === 'notFound') return { _tag: 'NotFound' }
  if (typeof recovery === 'object' && recovery !== null && 'outcome' in recovery) {
    return { _tag: 'Outcome', value: recovery.outcome }
  }
  return { _tag: 'Unknown', error: undefined }
}

/** Asks `recover`. Once it is told to stop it is waited for as long as the claim is known to be held, and no longer. */
export const ask = async <A>(
  timer: Timer,
  { signal, leftMs }: Pick<Supervision, 'signal' | 'leftMs'>,
  recover: () => Promise<E.Either<unknown, Recovery<A>>>
): Promise<Found<A>> => {
  if (signal.aborted) return { _tag: 'NotAsked' }
  const over = new AbortController()
  let unwatch = (): void => {}
  const silent = new Promise<Found<A>>((resolve) => {
    unwatch = onAbort(signal, () => {
      void timer
        .sleep(Math.max(0, leftMs()), over.signal)()
        .then(() => resolve({ _tag: 'NotAsked' }))
    })
  })
  const asked = async (): Promise<Found<A>> => {
    try {
      const said = await recover()
      return E.isLeft(said) ? { _tag: 'Unknown', error: said.left } : foundIn(said.right)
    } catch (error) {
      // an answer that cannot be looked at
      return { _tag: 'Unknown', error }
    }
  }
  try {
    return await Promise.race([asked(), silent])
  } finally {
    over.abort()
    unwatch()
  }
}
