import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as RA from 'fp-ts/ReadonlyArray'
import { claimHashOf } from '../../../domain/claim.ts'
import { isInDoubt } from '../../../domain/due.ts'
import type { Failure } from '../../../domain/failure.ts'
import type { State } from '../../../domain/state.ts'
import type { Settings } from '../../settings.ts'
import type { EngineState } from '../engine-state.ts'
import type { QueuedCommand } from '../queue/queued-command.ts'
import { latestDeadline, queuedIn, settlePlanned } from './attempt.ts'
import { readBasisUntil } from './basis.ts'
import type { PlannedAnswer } from './plan.ts'
import { inDoubt } from './write-failures.ts'

/** What somebody is told to act on, or to go on with: a claim that was granted, or whose holder got on or has more time. */
type Licence = { readonly epoch: number; readonly claimId?: string }

const licenceIn = ({ result }: PlannedAnswer): Licence | undefined => {
  if (E.isLeft(result)) return undefined
  if (result.right?._tag === 'Reserved') return result.right.claim
  return result.right?._tag === 'Renewed' || result.right?._tag === 'Reached'
    ? { epoch: result.right.record.epoch }
    : undefined
}

/** Whether the claim is the current one still, and no outcome has come; nor, where it is granted, any doubt. */
const stands = ({ sha256 }: Settings, licence: Licence | undefined, state: State): boolean =>
  state._tag === 'Held' &&
  state.record.outcome === undefined &&
  state.record.epoch === licence?.epoch &&
  (licence.claimId === undefined ||
    (state.claimHash === claimHashOf(sha256)(licence.claimId) && !isInDoubt(state.record)))

const settleInDoubt = (stream: string, answers: ReadonlyArray<PlannedAnswer>, cause: Failure): void => {
  for (const planned of answers) planned.queued.settle(E.left(inDoubt(stream, planned, cause)))
}

/**
 * A command that was written and is decided again all the same, because its claim is over. Should that fail, the failure
 * must not say that nothing was written.
 */
const notWithoutTrace = (stream: string, planned: PlannedAnswer): QueuedCommand => {
  const { course } = planned.queued
  course.trace = (cause) => (cause._tag === 'AppendUnknown' ? cause : inDoubt(stream, planned, cause))
  return planned.queued
}

/**
 * What was written in doubt is a fact whatever came after it. But nobody is told to act, or to go on, before the stream was
 * folded again: a claim that is not the current one any more, or under which there is an outcome, is decided anew.
 * Gives the commands to decide again.
 */
export const afterDoubt = async (
  engineState: EngineState,
  stream: string,
  writers: ReadonlyArray<PlannedAnswer>
): Promise<ReadonlyArray<QueuedCommand>> => {
  const { left: facts, right: grants } = pipe(
    writers,
    RA.partition((planned) => licenceIn(planned) !== undefined)
  )
  settlePlanned(facts)
  if (grants.length === 0) return []
  const now = await readBasisUntil(engineState, stream, latestDeadline(queuedIn(grants)))
  if (E.isLeft(now)) {
    settleInDoubt(stream, grants, now.left)
    return []
  }
  engineState.cache.set(stream, now.right.folded)
  const { state } = now.right.folded
  const { left: lost, right: standing } = pipe(
    grants,
    RA.partition((planned) => stands(engineState.settings, licenceIn(planned), state))
  )
  settlePlanned(standing)
  return lost.map((planned) => notWithoutTrace(stream, planned))
}
