import * as E from 'fp-ts/Either'
import { type Failure, failure } from '../../domain/failure.ts'
import type { AbortWatch } from '../ports/abort-watch.ts'
import { type Halting, halting } from './halting.ts'

const over = failure('StoreUnavailable', 'the projections are disposed of')

type Work<A> = (halting: Omit<Halting, 'letGo'>) => Promise<E.Either<Failure, A>>

/** Work that was begun: it can be ended by itself, by the signal that was given, and with all other work. */
export type Begun<A> = { readonly ended: Promise<E.Either<Failure, A>>; readonly halt: () => void }

/** What is under way. */
export type UnderWay = {
  readonly begin: <A>(given: AbortSignal | undefined, work: Work<A>) => Begun<A>
  /** Ends all, and resolves once it has ended; nothing new is begun any more. */
  readonly end: () => Promise<void>
}

export const underWay = (watch: AbortWatch): UnderWay => {
  const all = new Map<Promise<unknown>, () => void>()
  let isOver = false
  return {
    begin: (given, work) => {
      if (isOver) return { ended: Promise.resolve(E.left(over)), halt: () => {} }
      const { signal, halt, letGo } = halting(watch, given)
      const ended = work({ signal, halt }).finally(letGo)
      const forget = (): void => void all.delete(ended)
      all.set(ended, halt)
      // of what it rejects with, should it, whoever asks for its end is told
      void ended.then(forget, forget)
      return { ended, halt }
    },
    end: async () => {
      isOver = true
      for (const halt of all.values()) halt()
      await Promise.allSettled(all.keys())
    }
  }
}
