import * as E from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import { type Failure, failure } from '../domain/failure.ts'
import { recordIdIn } from './loaded.ts'
import type { AppendFailure, EventStore, StoreError, Subscribe, SubscriptionMessage } from './ports/event-store.ts'
import { isFields, logEventFault, pageFault, revisionFault, streamFault } from './store-faults.ts'
import { type TimeWatch, withinTime } from './time-watch.ts'

const broke = (cause: unknown): StoreError =>
  failure('StoreUnavailable', 'the store failed in a way that it should not', { cause })

/** Nobody knows what an append did that threw. */
const inDoubt = (cause: unknown): AppendFailure => ({ _tag: 'OutcomeUnknown', error: broke(cause) })

const silent = failure('StoreTimeout', 'the store did not answer in time')

/** The answer is not the store's to give: it is told by the key that was asked for, and nothing of it is passed on. */
const lied = (recordId: string, fault: string): Failure =>
  failure('CorruptStream', `${recordId}: the store gave ${fault}`, { recordId })

const isFailed = (tags: ReadonlyArray<string>, value: unknown): boolean =>
  isFields(value) && typeof value['_tag'] === 'string' && tags.includes(value['_tag'])

const isEither = (value: unknown): value is E.Either<unknown, unknown> => isFailed(['Left', 'Right'], value)

/** Runs a call that may do anything at all, and checks what it comes to. */
const caught =
  <F, A, Args extends ReadonlyArray<unknown>>(
    work: (...args: Args) => TaskEither<F, A>,
    failed: (cause: unknown) => F,
    checked: (answer: E.Either<F, A>, args: Args) => E.Either<F, A> = (answer) => answer
  ) =>
  (...args: Args): TaskEither<F, A> =>
  async () => {
    try {
      const answer: unknown = await work(...args)()
      return isEither(answer) ? checked(answer as E.Either<F, A>, args) : E.left(failed('it gave no answer'))
    } catch (cause) {
      return E.left(failed(cause))
    }
  }

/** A call that is given up once its time is over. */
const bounded =
  (watch: TimeWatch, ms: number) =>
  <F, A, Args extends ReadonlyArray<unknown>>(work: (...args: Args) => TaskEither<F, A>, late: F) => {
    const alarm = watch.alarm(ms)
    return (...args: Args): TaskEither<F, A> =>
      () =>
        watch.during(() => withinTime(alarm, work(...args)(), () => E.left(late)))
  }

/** Only keyfold's own part of the log is let through. */
const checkedMessages =
  (subscribe: Subscribe): Subscribe =>
  (options) => ({
    async *[Symbol.asyncIterator]() {
      try {
        for await (const message of subscribe(options)) {
          const event = E.isRight(message) && message.right._tag === 'Event' ? message.right.event : undefined
          const fault = event && logEventFault(event, options.streamPrefix)
          if (fault !== undefined) return yield E.left(lied(options.streamPrefix, fault))
          yield message
        }
      } catch (cause) {
        yield E.left<StoreError, SubscriptionMessage>(broke(cause))
      }
    }
  })

/**
 * A view of a store that never throws or rejects, whatever its adapter does, and answers in time: a bug there is a failure
 * by its tag. What it hands back is checked against what was asked.
 */
export const guardedStore = (store: EventStore, watch: TimeWatch, deadlineMs: number): EventStore => {
  const inTime = bounded(watch, deadlineMs)
  const { appendAtomically, maxAppendBytes, continuesAfterDelete = false } = store
  return {
    append: inTime(
      caught(
        (...asked) => store.append(...asked),
        inDoubt,
        (answer, [append]) => {
          if (E.isLeft(answer)) {
            const known = isFailed(['WrongExpectedRevision', 'NotWritten', 'OutcomeUnknown'], answer.left)
            return known ? answer : E.left(inDoubt(answer.left))
          }
          const fault = revisionFault(answer.right, append, continuesAfterDelete)
          if (fault === undefined) return answer
          return E.left({ _tag: 'OutcomeUnknown', error: lied(recordIdIn(append.stream), fault) })
        }
      ),
      { _tag: 'OutcomeUnknown', error: silent }
    ),
    readStream: inTime(
      caught(
        (...asked) => store.readStream(...asked),
        broke,
        (answer, asked) => {
          const fault = E.isRight(answer) ? streamFault(answer.right, asked) : undefined
          return fault === undefined ? answer : E.left(lied(recordIdIn(asked[0]), fault))
        }
      ),
      silent
    ),
    readAll: caught(
      (...asked) => store.readAll(...asked),
      broke,
      (answer, asked) => {
        const fault = E.isRight(answer) ? pageFault(answer.right, ...asked) : undefined
        return fault === undefined ? answer : E.left(lied(asked[1], fault))
      }
    ),
    subscribe: checkedMessages((options) => store.subscribe(options)),
    ...(appendAtomically && {
      appendAtomically: caught(
        (appends) => appendAtomically.call(store, appends),
        (cause) => ({ ...inDoubt(cause), index: 0 })
      )
    }),
    ...(maxAppendBytes !== undefined && { maxAppendBytes }),
    continuesAfterDelete,
    dispose: () => store.dispose()
  }
}
