import * as E from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import { type Failure, failure } from '../../../domain/failure.ts'
import { streamName } from '../../../domain/identity.ts'
import type { Millis } from '../../../domain/instant.ts'
import type { Parsed } from '../../../domain/parsing/parsed.ts'
import { defaulted } from '../../../domain/parsing/parsed.ts'
import { millis } from '../../../domain/parsing/values.ts'
import type { Engine } from '../../engine/engine.ts'
import { aborted } from '../../engine/submission.ts'
import { abortWatch } from '../../ports/abort-watch.ts'
import { clockTime } from '../../ports/clock-time.ts'
import { keyFields } from '../../requests/key-fields.ts'
import { awaitMembers } from '../../requests/members.ts'
import { parseRequest } from '../../requests/parse-request.ts'
import type { AwaitRequest } from '../../requests/requests.ts'
import { signal } from '../../requests/signal.ts'
import type { Settings } from '../../settings.ts'
import { type KeyWatches, keyWatches } from './key-watches.ts'
import { type AwaitAnswer, inFlight, type Look } from './waited.ts'

/** So many wait in a process at once. */
const maxWaiters = 10_000

type Wanted = {
  readonly recordId: string
  readonly stream: string
  readonly waitMs: Millis
  readonly signal: AbortSignal | undefined
}

const parseAwait = (settings: Settings, request: AwaitRequest): Parsed<Wanted> => {
  const key = keyFields(settings, request, ['key', 'operation'])
  if (E.isLeft(key)) return key
  const waitMs = defaulted(millis, settings.deadlineMs as Millis)('$.waitMs', request.waitMs)
  if (E.isLeft(waitMs)) return waitMs
  const givesUp = signal('$.signal', request.signal)
  if (E.isLeft(givesUp)) return givesUp
  const { recordId } = key.right
  return E.right({
    recordId,
    stream: streamName(settings.category, recordId),
    waitMs: waitMs.right,
    signal: givesUp.right
  })
}

const overloaded = (recordId: string): Failure =>
  failure('Overloaded', `${recordId}: too many wait already; nothing was written`, { recordId })

/** Those who wait for outcomes. */
export type Waiting = {
  readonly awaitOutcome: (request: AwaitRequest) => TaskEither<Failure, AwaitAnswer>
  /** Answers all who wait with what was seen last. */
  readonly endAll: () => void
}

/** Waits for outcomes, and never writes: until there is one, nobody is at work any more, or the time is over. */
export const waitingOn = (engine: Engine): Waiting => {
  const { settings } = engine
  const watches: KeyWatches = keyWatches(settings)
  const onAbort = abortWatch()
  const waiters = new Set<() => void>()

  const wait = ({ stream, waitMs, signal: givesUp }: Wanted): Promise<E.Either<Failure, AwaitAnswer>> =>
    new Promise((resolve) => {
      const over = new AbortController()
      let seen: Extract<Look, { _tag: 'AtWork' }> | undefined
      let isLate = false

      const answer = (given: E.Either<Failure, AwaitAnswer>): void => {
        leave()
        unwatch?.()
        waiters.delete(giveUp)
        over.abort()
        resolve(given)
      }
      const answerInFlight = (look: Extract<Look, { _tag: 'AtWork' }>): void => {
        const now = clockTime(settings.clock)
        answer(E.isLeft(now) ? now : E.right(inFlight(look, now.right)))
      }
      /** The first look is always taken: it has a deadline of its own. */
      const giveUp = (): void => {
        if (over.signal.aborted) return
        if (seen === undefined) isLate = true
        else answerInFlight(seen)
      }
      const leave = watches.join(stream, (look) => {
        if (E.isLeft(look)) {
          // who has seen somebody at work waits on where the store fails for a while
          if (seen === undefined) answer(look)
        } else if (look.right._tag === 'Over') answer(E.right(look.right.answer))
        else {
          seen = look.right
          if (isLate) answerInFlight(seen)
        }
      })
      waiters.add(giveUp)
      const unwatch = givesUp && onAbort(givesUp, () => (seen === undefined ? answer(E.left(aborted)) : giveUp()))
      void settings.timer.sleep(waitMs, over.signal)().then(giveUp)
    })

  return {
    awaitOutcome: (request) =>
      engine.admit(async () => {
        const wanted = parseRequest(settings, parseAwait, request, awaitMembers)
        if (E.isLeft(wanted)) return wanted
        if (wanted.right.signal?.aborted) return E.left(aborted)
        if (waiters.size >= maxWaiters) return E.left(overloaded(wanted.right.recordId))
        return wait(wanted.right)
      }),
    endAll: () => {
      for (const giveUp of [...waiters]) giveUp()
    }
  }
}
