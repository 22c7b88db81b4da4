import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { type Failure, failure } from '../../domain/failure.ts'
import { hashParts } from '../../domain/hash-parts.ts'
import type { RecoveryPoints } from '../../domain/recovery-points.ts'
import { carriedPoints } from './carried-points.ts'
import { type Classified, classify } from './classify.ts'
import type { Holding } from './holding.ts'
import type { Moment } from './lease-schedule.ts'
import type { OnceAnswer } from './once-answer.ts'
import type { FixedWork } from './parse-work.ts'
import { ask, type Found } from './recovery.ts'
import type { Codec } from './result-codec.ts'
import { passing, retrying } from './retrying.ts'
import { settling } from './settle.ts'
import { assertName, type Steps, stepsOf } from './steps.ts'
import { supervise } from './supervise.ts'
import type { Surroundings } from './surroundings.ts'
import type { TaskContext } from './task-context.ts'
import { within } from './within.ts'

/** How a task ends that its caller gave up, and that has no value. */
const cancelled: ReadonlySet<string> = new Set<OnceAnswer<unknown>['_tag']>([
  'Failed',
  'Released',
  'LeftToLapse',
  'InDoubt',
  'InFlight'
])

/** The cause tells what became of the task. */
const gaveUp = (recordId: string, cause: unknown): Failure =>
  failure('Aborted', `${recordId}: the caller gave up`, { recordId, cause })

/** What earlier attempts reached. The first, and the first after an outcome, has none before it, and reads nothing. */
const carriedBy = (
  surroundings: Surroundings,
  { claim, previous, history }: Holding
): TE.TaskEither<Failure, RecoveryPoints> =>
  claim.epoch === 1 || previous?.outcome !== undefined
    ? TE.right([])
    : () =>
        retrying(surroundings, passing, () =>
          pipe(
            history(),
            TE.flatMapNullable(
              (events) => carriedPoints(events, claim.epoch),
              () => failure('StoreUnavailable', `${claim.recordId}: the history does not hold the reservation yet`)
            )
          )
        )

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
  const { lease, signal: callers } = work.rules
  const { claim, record, takeover, previous } = holding
  const watch = supervise(surroundings, work.rules, holding, since)
  const { signal } = watch
  const settle = settling(surroundings, holding, codec, lease)
  const about = {
    claim,
    signal,
    attempt: claim.epoch,
    downstreamKey: (name: string) => {
      assertName('downstream key', name)
      return `down_${hashParts(sha256, [claim.recordId, name])}`
    }
  }

  const recover = async (): Promise<Found<A>> => {
    const asks = work.recover
    if (!takeover || previous === undefined || asks === undefined) return { _tag: 'NotAsked' }
    return ask(timer, watch, () => asks(previous, about))
  }

  /** The task failed, and did nothing itself. What an earlier holder did stays open where nobody has looked. */
  const giveBack = async (error: unknown, found: Found<A>): Promise<OnceAnswer<A>> => {
    if (!takeover || found._tag === 'NotFound') return settle.failure(error, { _tag: 'Transient' })
    const retryAfterMs = watch.lapsesInMs()
    return { _tag: 'LeftToLapse', error, record, ...(retryAfterMs !== undefined && { retryAfterMs }) }
  }

  const runNow = async (steps: Steps, found: Found<A>): Promise<OnceAnswer<A>> => {
    const context: TaskContext = { ...about, takeover, ...(previous && { previous }), step: steps.step }
    const attempt = await work.run(context)
    const wasStopped = signal.aborted
    steps.close()
    // what it left running must not have an effect after the key was given back
    if (attempt._tag !== 'Value' || steps.isRunning()) watch.abandon()
    await steps.ended(watch.leftMs())
    if (attempt._tag === 'Value') return settle.value(attempt.value)
    const { error } = attempt
    if (attempt._tag === 'Defect') return settle.failure(error, { _tag: 'Ambiguous' })
    const circumstances = { unrecorded: steps.unrecordedBeside(error), wasStopped }
    const unknown = (): Classified => ({ _tag: 'Ambiguous' })
    const meaning = classify(work.policy, attempt.error, circumstances, surroundings.maxValues)
    const classified = await within(timer, lease, meaning, unknown)
    return classified._tag === 'Transient' ? giveBack(error, found) : settle.failure(error, classified)
  }

  const run = async (carried: RecoveryPoints): Promise<OnceAnswer<A>> => {
    const found = await recover()
    if (found._tag === 'Outcome') return settle.recovered(found.value)
    if (found._tag === 'Unknown') return settle.failure(found.error, { _tag: 'Ambiguous' })
    if (signal.aborted) {
      // told to stop before it began. What an earlier holder did stays open for whoever takes over from this one
      return takeover && found._tag === 'NotAsked'
        ? { _tag: 'InFlight', record }
        : settle.failure(signal.reason, { _tag: 'Transient' })
    }
    const onLost = (): void => watch.stop('ClaimLost')
    return runNow(stepsOf(surroundings, { holding, carried, patienceMs: lease, signal, onLost }), found)
  }

  try {
    const carried = await carriedBy(surroundings, holding)()
    if (E.isLeft(carried)) {
      // nothing was run. A takeover is left to whoever takes over from it, and is told of it
      if (!takeover) await retrying(surroundings, passing, holding.release)
      return carried
    }
    // whatever it is that should not fail and does: an effect may have happened
    const answer = await run(carried.right).catch((error) => settle.failure(error, { _tag: 'Ambiguous' }))
    // its own cancellation, once it is on record what became of it
    return callers?.aborted && cancelled.has(answer._tag) ? E.left(gaveUp(record.recordId, answer)) : E.right(answer)
  } finally {
    watch.end()
  }
}
