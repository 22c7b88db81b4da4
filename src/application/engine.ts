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
import { inTurns } from './in-turns.ts'
import { keyQueue, maxWeight } from './key-queue.ts'
import type { Memory } from './memory.ts'
import { isSettled, type Pending, pendingOf, settleFromOutside } from './pending.ts'
import { pendingCounts } from './pending-counts.ts'
import type { Settings } from './settings.ts'
import { aborted, type Submission } from './submission.ts'
import type { TimeWatch } from './time-watch.ts'
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

const overloaded = (recordId: RecordId): Failure =>
  failure('Overloaded', `${recordId}: too many commands wait already, on it or in all; nothing was written`, {
    recordId
  })

/** So much of its time a command has to be written; what is left is to see what the stream holds. */
const timeToWrite = 0.75

/** How many keys' counts are written at once. */
const flushedAtOnce = 16

/** Resolves once all commands have their answers although the loop is not done with them. */
const answeredOutside = (batch: ReadonlyArray<Pending>): Promise<void> =>
  new Promise((resolve) => {
    // those that came last are answered last
    const moveOn = (): void => {
      if (batch.findLast((pending) => !isSettled(pending)) === undefined) resolve()
    }
    for (const { course } of batch) course.moveOn = moveOn
  })

export const createEngine = (settings: Settings, watch: TimeWatch): Engine => {
  const memory: Memory = { settings, cache: foldCache(), counts: pendingCounts() }
  const { deadlineMs, store, timer } = settings
  const lateMs = deadlineMs * timeToWrite
  const untilLate = watch.alarm(lateMs)
  const untilOver = watch.alarm(deadlineMs - lateMs)
  const onAbort = abortWatch()
  const running = inFlight()
  const closing = new AbortController()
  let flushing = false
  let closed: Promise<void> | undefined

  /** A store may never answer: once everybody has an answer, the key goes on without it. */
  const process = (stream: string, batch: ReadonlyArray<Pending>): Promise<void> => {
    const left = answeredOutside(batch).then(() => {
      // what was on its way may still be written: no fold of it is good, and no count may be counted twice
      memory.cache.drop(stream)
      memory.counts.drop(stream)
    })
    return Promise.race([transact(memory, stream, batch), left])
  }

  const queue = keyQueue(Math.min(maxWeight, store.maxAppendBytes ?? maxWeight), process)

  const flush = (): Promise<void> =>
    inTurns(memory.counts.streams(), flushedAtOnce, (stream) => queue.run(stream, () => flushCounts(memory, stream)))

  /** One timer for all keys: it runs while counts wait, and ends with them. */
  const flushInTime = async (): Promise<void> => {
    flushing = true
    while (!memory.counts.none() && !closing.signal.aborted) {
      await timer.sleep(settings.coalesceMs, closing.signal)()
      if (!closing.signal.aborted) await flush()
    }
    flushing = false
  }

  const close = async (): Promise<void> => {
    closing.abort()
    await running.over()
    await flush()
  }

  /** Watches over a command's time: most of it is over, then all of it. Gives a way to call that off. */
  const watchTime = (pending: Pending, withdraw: () => boolean): (() => void) => {
    let callOff = untilLate(() => {
      pending.course.whenLate?.()
      callOff = untilOver(() => {
        withdraw()
        settleFromOutside(pending, pending.course.whenOver())
      })
    })
    return () => callOff()
  }

  return {
    settings,
    admit: (useCase) => () => (closed === undefined ? running.track(useCase) : Promise.resolve(E.left(over))),
    submit:
      <C extends Command>(recordId: RecordId, submission: Submission<C>): TaskEither<Failure, Answers[C['_tag']]> =>
      () =>
        new Promise((resolve) => {
          const { signal } = submission
          const now = timer.monotonicMs()
          const answer = (result: E.Either<Failure, Answer>): void => {
            callOff()
            unwatch?.()
            // `decide` ties a command to its answers; a queue of many kinds cannot say so in types
            resolve(result as E.Either<Failure, Answers[C['_tag']]>)
            if (!flushing && !memory.counts.none()) void flushInTime()
          }
          const pending = pendingOf(submission, { lateAt: now + lateMs, deadlineAt: now + deadlineMs }, answer)
          const withdraw = queue.push(streamName(settings.category, recordId), pending)
          if (withdraw === undefined) return resolve(E.left(overloaded(recordId)))
          const giveUp = (): void => {
            if (withdraw()) pending.settle(E.left(aborted))
          }
          const callOff = watchTime(pending, withdraw)
          const unwatch = signal && onAbort(signal, giveUp)
          if (signal?.aborted) giveUp()
        }),
    dispose: () => {
      closed ??= close()
      return closed
    }
  }
}
