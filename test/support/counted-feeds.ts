import * as E from 'fp-ts/Either'
import type { EventStore, StoreError, Subscribe, SubscriptionMessage } from '../../src/application/ports/event-store.ts'
import { connectionLost } from './scripted-store.ts'

/** A view of a store that counts its subscriptions, and breaks them where it is told to. */
export type CountedFeeds = {
  readonly store: EventStore
  /** How many are open right now. */
  readonly open: () => number
  /** What each was asked for, in order. */
  readonly asked: ReadonlyArray<Parameters<Subscribe>[0]>
  /** What becomes of subscriptions from now on. */
  readonly from: (how: 'works' | 'fails' | 'ends' | 'throws') => void
  /** Breaks those that are open. */
  readonly breakAll: () => void
}

export const countedFeeds = <S extends EventStore>(real: S): CountedFeeds & { readonly store: S } => {
  const asked: Array<Parameters<Subscribe>[0]> = []
  let how: 'works' | 'fails' | 'ends' | 'throws' = 'works'
  let open = 0
  let broken = new AbortController()
  const subscribe: Subscribe = (options) => {
    asked.push(options)
    if (how === 'throws') throw new Error('no subscriptions here')
    async function* messages(): AsyncGenerator<E.Either<StoreError, SubscriptionMessage>, void> {
      if (how === 'ends') return
      if (how === 'fails') return yield E.left(connectionLost)
      open++
      try {
        const signals = [broken.signal, ...(options.signal ? [options.signal] : [])]
        yield* real.subscribe({ ...options, signal: AbortSignal.any(signals) })
      } finally {
        open--
      }
    }
    return messages()
  }
  return {
    store: { ...real, ...(real.confirmCurrent && { confirmCurrent: real.confirmCurrent }), subscribe },
    open: () => open,
    asked,
    from: (next) => {
      how = next
    },
    breakAll: () => {
      broken.abort()
      broken = new AbortController()
    }
  }
}
