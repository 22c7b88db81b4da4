import * as E from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import { type Failure, failure } from '../../../domain/failure.ts'
import { recordIdIn } from '../../../domain/identity.ts'
import type { AppendFailure, EventStore, StoreError, Subscribe, SubscriptionMessage } from '../../ports/event-store.ts'
import { isFields, logEventFault, pageFault, revisionFault, streamFault } from './store-faults.ts'
import { type TimeWatch, timeLimit } from './time-watch.ts'

const broke = (cause: unknown): StoreError =>
  failure('StoreUnavailable', 'the store failed in a way that it should not', { cause })

/** Nobody knows what an append did that threw. */
const inDoubt = (cause: unknown): AppendFailure => ({ _tag: 'OutcomeUnknown', error: broke(cause) })

const notTold = 'it did not answer what it was asked'

const silent = failure('StoreTimeout', 'the store did not answer in time')

/** The answer is not the store's to give: it is told by the key that was asked for, and nothing of it is passed on. */
const lied = (recordId: string, fault: string): Failure =>
  failure('CorruptStream', `${recordId}: the store gave ${fault}`, { recordId })

const isFailed = (tags: ReadonlyArray<string>, value: unknown): boolean =>
  isFields(value) && typeof value['_tag'] === 'string' && tags.includes(value['_tag'])

const isEither = (value: unknown): value is E.Either<unknown, unknown> => isFailed(['Left', 'Right'], value)

/** Runs a call that may do anything at all, and checks what it comes to. */
export const caught = <F, A, Args extends ReadonlyArray<unknown>>(
  work: (...args: Args) => TaskEither<F, A>,
  failed: (cause: unknown) => F,
  checked: (answer: E.Either<F, A>, args: Args) => E.Either<F, A> = (answer) => answer
) => {
  const broken = (cause: unknown): E.Either<F, A> => E.left(failed(cause))
  return (...args: Args): TaskEither<F, A> =>
    () => {
      const judged = (answer: unknown): E.Either<F, A> => {
        try {
          return isEither(answer) ? checked(answer as E.Either<F, A>, args) : broken('it gave no answer')
        } catch (cause) {
          return broken(cause)
        }
      }
      try {
        // no `await`, as wherever every append comes through; of what only looks like a promise, one is made
        return Promise.resolve<unknown>(work(...args)()).then(judged, broken)
      } catch (cause) {
        return Promise.resolve(broken(cause))
      }
    }
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
 * A view of a store that never throws or rejects, whatever its adapter does: a bug there is a failure by its tag. What it
 * hands back is checked against what was asked.
 */
export const checkedStore = (store: EventStore): EventStore => {
  const { appendAtomically, isRemoved, confirmCurrent, maxAppendBytes, continuesAfterDelete = false } = store
  return {
    append: caught(
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
    readStream: caught(
      (...asked) => store.readStream(...asked),
      broke,
      (answer, asked) => {
        const fault = E.isRight(answer) ? streamFault(answer.right, asked) : undefined
        return fault === undefined ? answer : E.left(lied(recordIdIn(asked[0]), fault))
      }
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
    ...(isRemoved && {
      isRemoved: caught(
        (...asked) => isRemoved.call(store, ...asked),
        broke,
        (answer) => (E.isRight(answer) && typeof answer.right !== 'boolean' ? E.left(broke(notTold)) : answer)
      )
    }),
    ...(confirmCurrent && {
      confirmCurrent: caught(
        (...asked) => confirmCurrent.call(store, ...asked),
        broke,
        (answer) =>
          E.isRight(answer) && answer.right !== 'always' && answer.right !== 'fromNowOn'
            ? E.left(broke(notTold))
            : answer
      )
    }),
    ...(maxAppendBytes !== undefined && { maxAppendBytes }),
    continuesAfterDelete,
    dispose: () => store.dispose()
  }
}

/** The view that commands have of a checked store: while it is asked, the time of each of them is watched. */
export const watchedStore = (checked: EventStore, watch: TimeWatch): EventStore => {
  const { confirmCurrent } = checked
  return {
    ...checked,
    append: (append, withinMs) => () => watch.during(checked.append(append, withinMs)),
    readStream:
      (...asked) =>
      () =>
        watch.during(checked.readStream(...asked)),
    ...(confirmCurrent && {
      confirmCurrent:
        (...asked) =>
        () =>
          watch.during(confirmCurrent(...asked))
    })
  }
}

/** The view of everybody else: a call that takes too long is given up. */
export const patientStore = (checked: EventStore, watch: TimeWatch, deadlineMs: number): EventStore => {
  const { confirmCurrent } = checked
  const inTime = timeLimit(watch, deadlineMs)
  return {
    ...checked,
    append:
      (...asked) =>
      () =>
        inTime(checked.append(...asked), E.left({ _tag: 'OutcomeUnknown', error: silent })),
    readStream:
      (...asked) =>
      () =>
        inTime(checked.readStream(...asked), E.left(silent)),
    ...(confirmCurrent && {
      confirmCurrent:
        (...asked) =>
        () =>
          inTime(confirmCurrent(...asked), E.left(silent))
    })
  }
}
