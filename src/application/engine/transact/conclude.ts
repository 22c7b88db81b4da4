import * as E from 'fp-ts/Either'
import * as RA from 'fp-ts/ReadonlyArray'
import type { Answer } from '../../../domain/answers.ts'
import { claimHashOf } from '../../../domain/claim.ts'
import type { Failure } from '../../../domain/failure.ts'
import { recordIdIn } from '../../../domain/identity.ts'
import type { State } from '../../../domain/state.ts'
import type { Settings } from '../../settings.ts'
import type { EngineState } from '../engine-state.ts'
import type { QueuedCommand } from '../queue/queued-command.ts'
import type { PlannedEvent } from './attempt.ts'
import { pause } from './back-off.ts'
import { readBasisUntil } from './basis.ts'
import type { ConflictCounts } from './conflict-counts.ts'
import type { PlannedAnswer } from './plan.ts'
import type { Resolution } from './resolve-append.ts'
import { contended, inDoubt } from './write-failures.ts'

/** An attempt that was made, and the commands that it was made for. */
export type Attempted = {
  readonly stream: string
  readonly results: ReadonlyArray<PlannedAnswer>
  /** Whether they were decided on a fresh read, and not on a basis that only the append could vouch for. */
  readonly fresh: boolean
  /** The counts that went along, and their reservation. */
  readonly waiting: { readonly epoch: number; readonly events: ReadonlyArray<PlannedEvent> }
}

/** What is left to do after an attempt: the commands that must be decided again, from a fresh read. */
type Again = ReadonlyArray<QueuedCommand>

/** Answers commands as they were planned. */
export const settlePlanned = (results: ReadonlyArray<PlannedAnswer>): void => {
  for (const { queued, result } of results) queued.settle(result)
}

const queuedCommandOf = ({ queued }: PlannedAnswer): QueuedCommand => queued

/** The moment until which at least one of the commands is still tried. */
export const latestDeadline = (results: ReadonlyArray<Pick<PlannedAnswer, 'queued'>>): number =>
  results.reduce((latest, { queued }) => Math.max(latest, queued.deadlineAt), 0)

/** What somebody is told to act on, or to go on with: a claim that was granted, or whose lease was prolonged. */
type Licence = { readonly epoch: number; readonly claimId?: string }

const licenceIn = ({ result }: PlannedAnswer): Licence | undefined => {
  if (E.isLeft(result)) return undefined
  if (result.right._tag === 'Reserved') return result.right.claim
  return result.right._tag === 'Renewed' ? { epoch: result.right.record.epoch } : undefined
}

/** Whether the claim is the current one still, and no outcome has come. */
const stands = ({ sha256 }: Settings, licence: Licence | undefined, state: State): boolean =>
  state._tag === 'Held' &&
  state.record.outcome === undefined &&
  state.record.epoch === licence?.epoch &&
  (licence.claimId === undefined || state.claimHash === claimHashOf(sha256)(licence.claimId))

/** Whether it is answered the same where it cannot be recorded. */
export const isSighting = ({ result }: Pick<PlannedAnswer, 'result'>): boolean =>
  E.isRight(result) && (result.right._tag === 'Duplicate' || result.right._tag === 'Conflict')

const settleInDoubt = (stream: string, results: ReadonlyArray<PlannedAnswer>, cause: Failure): void => {
  for (const planned of results) planned.queued.settle(E.left(inDoubt(stream, planned, cause)))
}

/** A command to be decided again although it was written: no failure may say that nothing was. */
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
): Promise<Again> => {
  const { left: facts, right: grants } = RA.partition((planned: PlannedAnswer) => licenceIn(planned) !== undefined)(
    writers
  )
  settlePlanned(facts)
  if (grants.length === 0) return []
  const now = await readBasisUntil(engineState, stream, latestDeadline(grants))
  if (E.isLeft(now)) {
    settleInDoubt(stream, grants, now.left)
    return []
  }
  engineState.cache.set(stream, now.right.folded)
  const { state } = now.right.folded
  const { left: lost, right: standing } = RA.partition((planned: PlannedAnswer) =>
    stands(engineState.settings, licenceIn(planned), state)
  )(grants)
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
  { results, fresh }: Attempted,
  conflictCounts: ConflictCounts,
  refused: (planned: PlannedAnswer) => boolean,
  failureOf: (planned: PlannedAnswer) => Failure
): Again => {
  const again: Array<QueuedCommand> = []
  for (const planned of results) {
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
 * Nothing was written: those that have time left are decided again, those that tried in vain to be recorded first.
 * Nobody is late before a decision on what the store really holds.
 */
const afterConflict = async (
  { settings }: EngineState,
  { stream, results, fresh }: Attempted,
  conflictCounts: ConflictCounts
): Promise<Again> => {
  const now = settings.timer.monotonicMs()
  const isLate = ({ queued }: PlannedAnswer): boolean => fresh && now >= queued.deadlineAt
  const { left: going, right: over } = RA.partition(
    (planned: PlannedAnswer) => planned.writes && isLate(planned) && !isSighting(planned)
  )(results)
  const why = contended(recordIdIn(stream))
  for (const { queued } of over) queued.settle(E.left(why))
  for (const planned of going) {
    conflictCounts.conflicted(planned.queued, isLate(planned))
    const answer = answerAside(planned, fresh, why) ?? E.left(why)
    if (planned.writes) planned.queued.course.whenOver = () => answer
  }
  const { left: patient, right: tired } = RA.partition(
    (planned: PlannedAnswer) => isSighting(planned) && conflictCounts.unrecorded(planned.queued) !== undefined
  )(going)
  const attempt = conflictCounts.most(patient.map(queuedCommandOf)) - 1
  // the first conflict is the usual way to learn that a key exists: no need to wait
  if (attempt > 0 && tired.length === 0) await pause(settings, attempt, latestDeadline(patient))()
  return [...tired, ...patient].map(queuedCommandOf)
}

/** Takes what became of an attempt that did not simply succeed to its commands. Gives back those to decide again. */
export const conclude = async (
  engineState: EngineState,
  attempted: Attempted,
  resolution: Resolution,
  conflictCounts: ConflictCounts
): Promise<Again> => {
  const { cache, counts } = engineState
  const { stream, results, fresh, waiting } = attempted
  const { left: readers, right: writers } = RA.partition(({ writes }: PlannedAnswer) => writes)(results)
  // a fold stays good where nothing was written
  if (resolution._tag !== 'NotWritten') cache.drop(stream)
  if (resolution._tag === 'NotWritten' || resolution._tag === 'Conflict') {
    if (waiting.events.length > 0) counts.add(stream, waiting.epoch, waiting.events)
  }
  switch (resolution._tag) {
    case 'Written':
      return [...readers.map(queuedCommandOf), ...(await afterDoubt(engineState, stream, writers))]
    case 'Conflict':
      return afterConflict(engineState, attempted, conflictCounts)
    case 'NotWritten':
      return afterRefusal(
        attempted,
        conflictCounts,
        (planned) => fresh && !isSighting(planned),
        () => resolution.error
      )
    case 'InDoubt':
      return afterRefusal(
        attempted,
        conflictCounts,
        (planned) => !isSighting(planned),
        (planned) => inDoubt(stream, planned, resolution.error)
      )
  }
}
