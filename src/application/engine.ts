import * as E from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import type { Answer, Answers } from '../domain/answers.ts'
import type { Command } from '../domain/commands.ts'
import { type Failure, failure } from '../domain/failure.ts'
import { type RecordId, streamName } from '../domain/identity.ts'
import { foldCache } from './fold-cache.ts'
import { keyQueue, maxWeight } from './key-queue.ts'
import type { Memory } from './memory.ts'
import { pendingCounts } from './pending-counts.ts'
import type { Settings } from './settings.ts'
import type { Submission } from './submission.ts'
import { flushCounts, transact } from './transact.ts'

/** Takes commands to the streams of their keys. */
export type Engine = {
  readonly settings: Settings
  readonly submit: <C extends Command>(
    recordId: RecordId,
    submission: Submission<C>
  ) => TaskEither<Failure, Answers[C['_tag']]>
  /** Finishes what runs, writes the counts that wait, and takes no more commands. */
  readonly dispose: () => Promise<void>
}

const over = failure('StoreUnavailable', 'the ledger is disposed of')

export const createEngine = (settings: Settings): Engine => {
  const memory: Memory = { settings, cache: foldCache(), counts: pendingCounts() }
  const most = Math.min(maxWeight, settings.store.maxAppendBytes ?? maxWeight)
  const queue = keyQueue(most, (stream, batch) => transact(memory, stream, batch))
  let disposed = false
  let flushing = false

  const flush = async (): Promise<void> => {
    await Promise.all(memory.counts.streams().map((stream) => queue.run(stream, () => flushCounts(memory, stream))))
  }

  /** One timer for all keys: it runs while counts wait, and ends with them. */
  const flushLater = async (): Promise<void> => {
    if (flushing || memory.counts.streams().length === 0) return
    flushing = true
    await settings.timer.sleep(settings.coalesceMs)()
    flushing = false
    if (!disposed) await flush()
  }

  return {
    settings,
    submit:
      <C extends Command>(recordId: RecordId, submission: Submission<C>): TaskEither<Failure, Answers[C['_tag']]> =>
      () =>
        new Promise((resolve) => {
          if (disposed) return resolve(E.left(over))
          const settle = (result: E.Either<Failure, Answer>): void => {
            // `decide` ties a command to its answers; a queue of many kinds cannot say so in types
            resolve(result as E.Either<Failure, Answers[C['_tag']]>)
            if (settings.recording === 'coalesce') void flushLater()
          }
          const deadlineAt = settings.timer.monotonicMs() + settings.deadlineMs
          queue.push(streamName(settings.category, recordId), { submission, deadlineAt, settle })
        }),
    dispose: async () => {
      if (disposed) return
      disposed = true
      await queue.idle()
      await flush()
      await queue.idle()
    }
  }
}
