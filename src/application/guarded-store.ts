import * as E from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import { failure } from '../domain/failure.ts'
import type { AppendFailure, EventStore, StoreError } from './ports/event-store.ts'

const broke = (cause: unknown): StoreError =>
  failure('StoreUnavailable', 'the store failed in a way that it should not', { cause })

/** Nobody knows what an append did that threw. */
const inDoubt = (cause: unknown): AppendFailure => ({ _tag: 'OutcomeUnknown', error: broke(cause) })

const caught =
  <F, A, Args extends ReadonlyArray<unknown>>(
    work: (...args: Args) => TaskEither<F, A>,
    failed: (cause: unknown) => F
  ) =>
  (...args: Args): TaskEither<F, A> =>
  async () => {
    try {
      return await work(...args)()
    } catch (cause) {
      return E.left(failed(cause))
    }
  }

/** A view of a store that never throws or rejects, whatever its adapter does: a bug there is a failure by its tag. */
export const guardedStore = (store: EventStore): EventStore => {
  const { appendAtomically, maxAppendBytes } = store
  return {
    append: caught((...asked) => store.append(...asked), inDoubt),
    readStream: caught((...asked) => store.readStream(...asked), broke),
    readAll: caught((...asked) => store.readAll(...asked), broke),
    subscribe: (options) => store.subscribe(options),
    ...(appendAtomically && {
      appendAtomically: caught(
        (appends) => appendAtomically.call(store, appends),
        (cause) => ({ ...inDoubt(cause), index: 0 })
      )
    }),
    ...(maxAppendBytes !== undefined && { maxAppendBytes }),
    dispose: () => store.dispose()
  }
}
