import * as E from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import type { Answer, Answers } from '../../domain/answers.ts'
import type { Command } from '../../domain/commands.ts'
import { type Failure, type FailureTag, failure } from '../../domain/failure.ts'
import { type RecordId, streamName } from '../../domain/identity.ts'
import { abortWatch } from '../ports/abort-watch.ts'
import type { EventStore } from '../ports/event-store.ts'
import type { Settings } from '../settings.ts'
import { foldCache } from '../stream/fold-cache.ts'
import { waitingCounts } from './counts/waiting-counts.ts'
import type { EngineState } from './engine-state.ts'
import { inFlight } from './queue/in-flight.ts'
import { inTurns } from './queue/in-turns.ts'
import { keyQueue, maxWeight } from './queue/key-queue.ts'
import { isSettled, type QueuedCommand, queuedCommandOf, settleFromOutside } from './queue/queued-command.ts'
import { aborted, type Submission } from './submission.ts'
import { transact } from './transact/transact.ts'
import { leave } from './watch/alarm-queue.ts'
import type { TimeWatch } from './watch/time-watch.ts'

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

/** How a flush ends whose time is over. */
const silence: ReadonlySet<FailureTag> = new Set(['StoreTimeout', 'AppendUnknown'])

/** How many keys' counts are written at once. */
const flushedAtOnce = 16

/** `watched` is the store as commands see it, each of which has a watch over its own time. */
export const createEngine = (settings: Settings, watched: EventStore, watch: TimeWatch): Engine => {
  const engineState: EngineState = {
    settings: { ...settings, store: watched },
    cache: foldCache(),
    counts: waitingCounts()
  }
  const { deadlineMs, store, timer } = settings
  const lateMs = deadlineMs * timeToWrite
  const untilOver = watch.alarm<QueuedCommand>(deadlineMs - lateMs, (queued) => {
    queued.withdraw()
    settleFromOutside(queued, queued.course.whenOver())
  })
  const untilLate = watch.alarm<QueuedCommand>(lateMs, (queued) => {
    untilOver(queued)
    queued.course.whenLate?.()
  })
  const onAbort = abortWatch()
  const running = inFlight()
  const closing = new AbortController()
  let flushing = false
  let beingWritten: Promise<void> | undefined
  let closed: Promise<void> | undefined

  /** A store may never answer: once everybody has an answer, the key goes on without it. */
  const process = (stream: string, batch: ReadonlyArray<QueuedCommand>): Promise<void> =>
    new Promise((resolve, reject) => {
      const moveOn = (): void => {
        // those that came last are answered last
        if (batch.findLast((queued) => !isSettled(queued)) !== undefined) return
        // what is on its way may still be written: no fold of it is good
        engineState.cache.drop(stream)
        resolve()
      }
      for (const { course } of batch) course.moveOn = moveOn
      transact(engineState, stream, batch).then(resolve, reject)
    })

  const queue = keyQueue(Math.min(maxWeight, store.maxAppendBytes ?? maxWeight), process)

  /** Takes a submission to its key's queue, or a flush. Undefined where too much waits there already. */
  const enqueue = (
    stream: string,
    submission: Submission | undefined,
    answer: (result: E.Either<Failure, Answer | undefined>) => void
  ): QueuedCommand | undefined => {
    const now = timer.monotonicMs()
    const queued: QueuedCommand = queuedCommandOf(
      submission,
      { lateAt: now + lateMs, deadlineAt: now + deadlineMs },
      (result) => {
        leave(queued)
        answer(result)
      }
    )
    if (!queue.push(stream, queued)) return undefined
    untilLate(queued, now)
    return queued
  }

  /** Writes the counts that wait on a key, as far as that goes: what cannot be written goes on waiting. */
  const flushKey = (stream: string): Promise<E.Either<Failure, unknown>> =>
    new Promise((resolve) => {
      if (enqueue(stream, undefined, resolve) === undefined) resolve(E.right(undefined))
    })

  /** Of a store that says nothing the first keys wait in vain until their deadline, and no others after them. */
  const flush = (): Promise<void> => {
    let isSilent = false
    return inTurns(engineState.counts.streams(), flushedAtOnce, async (stream) => {
      if (isSilent) return
      const flushed = await flushKey(stream)
      isSilent ||= E.isLeft(flushed) && silence.has(flushed.left._tag)
    })
  }

  /** One timer for all keys: it runs while counts wait, and ends with them. */
  const flushInTime = async (): Promise<void> => {
    flushing = true
    while (!engineState.counts.none() && !closing.signal.aborted) {
      await timer.sleep(settings.coalesceMs, closing.signal)()
      if (closing.signal.aborted) break
      beingWritten = flush()
      await beingWritten
    }
    flushing = false
  }

  const close = async (): Promise<void> => {
    closing.abort()
    await running.idle()
    // counts that are being written wait no more, and are not written yet
    await beingWritten
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
          let unwatch: (() => void) | undefined
          const queued = enqueue(streamName(settings.category, recordId), submission, (result) => {
            unwatch?.()
            // `decide` ties a command to its answers; a queue of many kinds cannot say so in types
            resolve(result as E.Either<Failure, Answers[C['_tag']]>)
            if (!flushing && !engineState.counts.none()) void flushInTime()
          })
          if (queued === undefined) return resolve(E.left(overloaded(recordId)))
          if (signal === undefined) return
          const giveUp = (): void => {
            if (queued.withdraw()) queued.settle(E.left(aborted))
          }
          unwatch = onAbort(signal, giveUp)
          if (signal.aborted) giveUp()
        }),
    dispose: () => {
      closed ??= close()
      return closed
    }
  }
}
