import * as E from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import { failure } from '../domain/failure.ts'
import type { AppendFailure, EventStore, StoreError } from './ports/event-store.ts'

const broke = (cause: unknown): StoreError =>
  failure('StoreUnavailable', 'the store failed in a way that it should not', { cause })

/** Nobody knows what an append did that threw. */
const inDoubt = (cause: unknown): AppendFailure => ({ _tag: 'OutcomeUnknown', error: broke(cause) })

const caught =
  <F, A>(task: () => TaskEither<F, A>, failed: (cause: unknown) => F): TaskEither<F, A> =>
  async () => {
    try {
      return await task()()
    } catch (cause) {
      return E.left(failed(cause))
    }
  }

/** A view of a store that never throws or rejects, whatever its adapter does: a bug there is a failure by its tag. */
export const guardedStore = (store: EventStore): EventStore => {
  const { appendAtomically, maxAppendBytes } = store
  return {
    append: (append) => caught(() => store.append(append), inDoubt),
    readStream: (...asked) => caught(() => store.readStream(...asked), broke),
    readAll: (...asked) => caught(() => store.readAll(...asked), broke),
    subscribe: (options) => store.subscribe(options),
    ...(appendAtomically && {
      appendAtomically: (appends) =>
        caught(
          () => appendAtomically.call(store, appends),
          (cause) => ({ ...inDoubt(cause), index: 0 })
        )
    }),
    ...(maxAppendBytes !== undefined && { maxAppendBytes }),
    dispose: () => store.dispose()
  }
}
