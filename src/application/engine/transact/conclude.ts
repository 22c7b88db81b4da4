import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as RA from 'fp-ts/ReadonlyArray'
import type { Answer } from '../../../domain/answers.ts'
import { claimHashOf } from '../../../domain/claim.ts'
import type { Failure } from '../../../domain/failure.ts'
import { recordIdIn } from '../../../domain/identity.ts'
import type { State } from '../../../domain/state.ts'
import type { Settings } from '../../settings.ts'
import type { EngineState } from '../engine-state.ts'
import type { QueuedCommand } from '../queue/queued-command.ts'
import { pause } from '../watch/back-off.ts'
import { type Attempt, latestDeadline, queuedIn, settlePlanned } from './attempt.ts'
import { readBasisUntil } from './basis.ts'
import type { ConflictCounts } from './conflict-counts.ts'
import type { PlannedAnswer } from './plan.ts'
import type { Resolution } from './resolve-append.ts'
import { isSighting } from './sighting.ts'
import { contended, inDoubt } from './write-failures.ts'

/** The commands that must be decided again after an attempt, from a fresh read. */
type Undecided = ReadonlyArray<QueuedCommand>

/** What somebody is told to act on, or to go on with: a claim that was granted, or whose lease was prolonged. */
type Licence = { readonly epoch: number; readonly claimId?: string }

const licenceIn = ({ result }: PlannedAnswer): Licence | undefined => {
  if (E.isLeft(result)) return undefined
  if (result.right?._tag === 'Reserved') return result.right.claim
  return result.right?._tag === 'Renewed' ? { epoch: result.right.record.epoch } : undefined
}

/** Whether the claim is the current one still, and no outcome has come. */
const stands = ({ sha256 }: Settings, licence: Licence | undefined, state: State): boolean =>
  state._tag === 'Held' &&
  state.record.outcome === undefined &&
  state.record.epoch === licence?.epoch &&
  (licence.claimId === undefined || state.claimHash === claimHashOf(sha256)(licence.claimId))

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
 */
const afterDoubt = async (
  engineState: EngineState,
  stream: string,
  writers: ReadonlyArray<PlannedAnswer>
): Promise<Undecided> => {
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

/** What a duplicate or conflict is answered that is not to be recorded, where that rests on a fresh read. */
const answerAside = ({ aside }: PlannedAnswer, fresh: boolean, why: Failure): E.Either<Failure, Answer> | undefined =>
  fresh && aside !== undefined ? E.right(aside(why._tag)) : undefined

/**
 * The store would not write, or nobody knows whether it did. What was decided on a fresh read is answered: a duplicate or
 * conflict all the same, everything else by the failure. What was not is decided again on what the stream holds, and
 * nothing more is written of it.
 */
const afterRefusal = (
  { answers, fresh }: Attempt,
  conflictCounts: ConflictCounts,
  refused: (planned: PlannedAnswer) => boolean,
  failureOf: (planned: PlannedAnswer) => Failure
): Undecided => {
  const again: Array<QueuedCommand> = []
  for (const planned of answers) {
    const { queued, writes } = planned
    if (writes) {
      const why = failureOf(planned)
      const answer = answerAside(planned, fresh, why) ?? (refused(planned) ? E.left(why) : undefined)
      if (answer !== undefined) {
        queued.settle(answer)
        continue
      }
      conflictCounts.refused(queued, why)
      queued.course.whenOver = () => E.left(why)
    }
    again.push(queued)
  }
  return again
}

/**
 * Others wrote first, so nothing was written. A command that has time left is decided again; sightings that have tried
 * often enough go first, and are answered without being recorded. A command counts as late only if it was decided on a
 * fresh read: each gets at least one decision on what the store really holds.
 */
const afterConflict = async (
  { settings }: EngineState,
  { append: { stream }, answers, fresh }: Attempt,
  conflictCounts: ConflictCounts
): Promise<Undecided> => {
  const now = settings.timer.monotonicMs()
  const isLate = ({ queued }: PlannedAnswer): boolean => fresh && now >= queued.deadlineAt
  const { left: going, right: over } = pipe(
    answers,
    RA.partition((planned) => planned.writes && isLate(planned) && !isSighting(planned))
  )
  const why = contended(recordIdIn(stream))
  for (const { queued } of over) queued.settle(E.left(why))
  for (const planned of going) {
    conflictCounts.conflicted(planned.queued, isLate(planned))
    const answer = answerAside(planned, fresh, why) ?? E.left(why)
    if (planned.writes) planned.queued.course.whenOver = () => answer
  }
  const { left: patient, right: tired } = pipe(
    going,
    RA.partition((planned) => isSighting(planned) && conflictCounts.unrecorded(planned.queued) !== undefined)
  )
  const conflicts = conflictCounts.highest(queuedIn(patient)) - 1
  // the first conflict is the usual way to learn that a key exists: no need to wait
  if (conflicts > 0 && tired.length === 0) await pause(settings, conflicts, latestDeadline(queuedIn(patient)))()
  return queuedIn([...tired, ...patient])
}

/** Takes what became of an attempt that did not simply succeed to its commands. Gives back those to decide again. */
export const conclude = async (
  engineState: EngineState,
  attempt: Attempt,
  resolution: Resolution,
  conflictCounts: ConflictCounts
): Promise<Undecided> => {
  const { cache, counts } = engineState
  const { append, answers, fresh, waiting } = attempt
  const { stream } = append
  const { left: readers, right: writers } = pipe(
    answers,
    RA.partition(({ writes }) => writes)
  )
  // a fold stays good where nothing was written
  if (resolution._tag !== 'NotWritten') cache.drop(stream)
  if (resolution._tag === 'NotWritten' || resolution._tag === 'Conflict') {
    if (waiting.events.length > 0) counts.add(stream, waiting.epoch, waiting.events)
  }
  switch (resolution._tag) {
    case 'Written':
      return [...queuedIn(readers), ...(await afterDoubt(engineState, stream, writers))]
    case 'Conflict':
      return afterConflict(engineState, attempt, conflictCounts)
    case 'NotWritten':
      return afterRefusal(
        attempt,
        conflictCounts,
        (planned) => fresh && !isSighting(planned),
        () => resolution.error
      )
    case 'InDoubt':
      return afterRefusal(
        attempt,
        conflictCounts,
        (planned) => !isSighting(planned),
        (planned) => inDoubt(stream, planned, resolution.error)
      )
  }
}
