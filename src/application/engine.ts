import * as E from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import type { Answer, Answers } from '../domain/answers.ts'
import type { Command } from '../domain/commands.ts'
import { type Failure, failure } from '../domain/failure.ts'
import { type RecordId, streamName } from '../domain/identity.ts'
import { abortWatch } from './abort-watch.ts'
import { flushCounts } from './flush-counts.ts'
import { foldCache } from './fold-cache.ts'
import { inFlight } from './in-flight.ts'
import { keyQueue, maxWeight } from './key-queue.ts'
import type { Memory } from './memory.ts'
import { pendingCounts } from './pending-counts.ts'
import type { Settings } from './settings.ts'
import { aborted, type Submission } from './submission.ts'
import { transact } from './transact.ts'

/** Takes commands to the streams of their keys. */
export type Engine = {
  readonly settings: Settings
  /** Runs a use case, unless the ledger is disposed of; one that runs is finished before that. */
  readonly admit: <A>(useCase: TaskEither<Failure, A>) => TaskEither<Failure, A>
  /** Takes one command to its key. */
  readonly submit: <C extends Command>(
    recordId: RecordId,
    submission: Submission<C>
  ) => TaskEither<Failure, Answers[C['_tag']]>
  /** Finishes what runs, writes the counts that wait, and admits nothing more. */
  readonly dispose: () => Promise<void>
}

const over = failure('StoreUnavailable', 'the ledger is disposed of')

export const createEngine = (settings: Settings): Engine => {
  const memory: Memory = { settings, cache: foldCache(), counts: pendingCounts() }
  const most = Math.min(maxWeight, settings.store.maxAppendBytes ?? maxWeight)
  const queue = keyQueue(most, (stream, batch) => transact(memory, stream, batch))
  const onAbort = abortWatch()
  const running = inFlight()
  const closing = new AbortController()
  let flushing = false
  let closed: Promise<void> | undefined

  const flush = async (): Promise<void> => {
    await Promise.all(memory.counts.streams().map((stream) => queue.run(stream, () => flushCounts(memory, stream))))
  }

  /** One timer for all keys: it runs while counts wait, and ends with them. */
  const flushInTime = async (): Promise<void> => {
    flushing = true
    while (!memory.counts.none() && !closing.signal.aborted) {
      await settings.timer.sleep(settings.coalesceMs, closing.signal)()
      if (!closing.signal.aborted) await flush()
    }
    flushing = false
  }

  const close = async (): Promise<void> => {
    closing.abort()
    await running.over()
    await flush()
  }

  return {
    settings,
    admit: (useCase) => () => (closed === undefined ? running.track(useCase) : Promise.resolve(E.left(over))),
    submit:
      <C extends Command>(recordId: RecordId, submission: Submission<C>): TaskEither<Failure, Answers[C['_tag']]> =>
      () =>
        new Promise((resolve) => {
          const { signal } = submission
          const giveUp = (): void => {
            if (withdraw()) settle(E.left(aborted))
          }
          const settle = (result: E.Either<Failure, Answer>): void => {
            unwatch?.()
            // `decide` ties a command to its answers; a queue of many kinds cannot say so in types
            resolve(result as E.Either<Failure, Answers[C['_tag']]>)
            if (!flushing && !memory.counts.none()) void flushInTime()
          }
          const deadlineAt = settings.timer.monotonicMs() + settings.deadlineMs
          const stream = streamName(settings.category, recordId)
          const withdraw = queue.push(stream, { submission, deadlineAt, settle })
          const unwatch = signal && onAbort(signal, giveUp)
          if (signal?.aborted) giveUp()
        }),
    dispose: () => {
      closed ??= close()
      return closed
    }
  }
}
