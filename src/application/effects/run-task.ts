import * as E from 'fp-ts/Either'
import { type Failure, failure } from '../../domain/failure.ts'
import { hashParts } from '../../domain/hash-parts.ts'
import { abortWatch } from '../ports/abort-watch.ts'
import { classify } from './classify.ts'
import { heartbeat } from './heartbeat.ts'
import type { Holding } from './holding.ts'
import type { Moment } from './lease-schedule.ts'
import type { OnceAnswer } from './once-answer.ts'
import type { FixedWork } from './parse-work.ts'
import type { Codec } from './result-codec.ts'
import { settling } from './settle.ts'
import { stepsOf } from './steps.ts'
import type { Surroundings } from './surroundings.ts'
import { type AbortCause, TaskAborted } from './task-aborted.ts'
import type { Recovery, TaskContext } from './task-context.ts'

const onAbort = abortWatch()

/** How a task ends that its caller gave up, and that has no value. */
const cancelled: ReadonlySet<string> = new Set<OnceAnswer<unknown>['_tag']>([
  'Failed',
  'Released',
  'InDoubt',
  'InFlight'
])

/** The cause tells what became of the task. */
const gaveUp = (recordId: string, cause: unknown): Failure =>
  failure('Aborted', `${recordId}: the caller gave up`, { recordId, cause })

/** What is asked on a takeover before the task: an answer of `recover` that is none is as good as not knowing. */
type Found<A> =
  | { readonly _tag: 'Outcome'; readonly value: A }
  | { readonly _tag: 'NotFound' }
  | { readonly _tag: 'Unknown'; readonly error: unknown }
  | { readonly _tag: 'NotAsked' }

const foundIn = <A>(recovery: Recovery<A>): Found<A> => {
  if (recovery === 'notFound') return { _tag: 'NotFound' }
  if (typeof recovery === 'object' && recovery !== null && 'outcome' in recovery) {
    return { _tag: 'Outcome', value: recovery.outcome }
  }
  return { _tag: 'Unknown', error: undefined }
}

/**
 * Runs a task under what it holds: renews the lease meanwhile, stops the task where it is to stop, and puts on record how
 * it ended. Once the task is told to stop nothing is renewed any more: one that does not listen blocks nobody for ever.
 */
export const runTask = async <A, E>(
  surroundings: Surroundings,
  work: FixedWork<A, E>,
  holding: Holding,
  since: Moment,
  codec: Codec<A>
): Promise<E.Either<Failure, OnceAnswer<A>>> => {
  const { timer, sha256 } = surroundings
  const { lease, maxDurationMs, signal: callers } = work.rules
  const { claim, record, takeover, previous } = holding
  const control = new AbortController()
  const { signal } = control
  const over = new AbortController()

  const stop = (why: AbortCause, cause?: unknown): void => {
    stopBeating?.()
    if (!signal.aborted) control.abort(new TaskAborted(why, cause))
  }
  const giveUp = (): void => stop('CallerAborted', callers?.reason)
  let stopBeating: (() => void) | undefined
  stopBeating = heartbeat(surroundings, holding, lease, since, (why) => stop(why))

  const context: TaskContext = {
    claim,
    signal,
    takeover,
    ...(previous && { previous }),
    attempt: claim.epoch,
    downstreamKey: (name) => `down_${hashParts(sha256, [claim.recordId, name])}`,
    step: (name, run) => steps.step(name, run)
  }
  const steps = stepsOf(surroundings, holding, signal, () => stop('ClaimLost'))
  const settle = settling(surroundings, holding, codec)

  const recover = async (): Promise<Found<A>> => {
    if (!takeover || previous === undefined || work.recover === undefined) return { _tag: 'NotAsked' }
    const { attempt, downstreamKey } = context
    const said = await work.recover(previous, { claim, signal, attempt, downstreamKey })
    return E.isLeft(said) ? { _tag: 'Unknown', error: said.left } : foundIn(said.right)
  }

  const run = async (): Promise<OnceAnswer<A>> => {
    const found = await recover()
    if (found._tag === 'Outcome') return settle.recovered(found.value)
    if (found._tag === 'Unknown') return settle.failure(found.error, { _tag: 'Ambiguous' })
    if (signal.aborted) {
      // told to stop before it began. What an earlier holder did stays open for whoever takes over from this one
      return takeover && found._tag === 'NotAsked'
        ? { _tag: 'InFlight', record }
        : settle.failure(signal.reason, { _tag: 'Transient' })
    }
    const attempt = await work.run(context)
    if (attempt._tag === 'Value') return settle.value(attempt.value)
    const { error } = attempt
    return settle.failure(
      error,
      attempt._tag === 'Defect' ? { _tag: 'Ambiguous' } : classify(work.policy, attempt.error, steps.hasUnrecorded())
    )
  }

  if (callers?.aborted) giveUp()
  const unwatch = callers && onAbort(callers, giveUp)
  if (maxDurationMs !== undefined) {
    void timer
      .sleep(maxDurationMs, over.signal)()
      .then(() => {
        if (!over.signal.aborted) stop('MaxDuration')
      })
  }
  try {
    const answer = await run()
    // its own cancellation, once it is on record what became of it
    return callers?.aborted && cancelled.has(answer._tag) ? E.left(gaveUp(record.recordId, answer)) : E.right(answer)
  } finally {
    stopBeating()
    over.abort()
    unwatch?.()
  }
}
