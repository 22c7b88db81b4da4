import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as RA from 'fp-ts/ReadonlyArray'
import type { Answer } from '../../../domain/answers.ts'
import type { Failure } from '../../../domain/failure.ts'
import { recordIdIn } from '../../../domain/identity.ts'
import type { EngineState } from '../engine-state.ts'
import type { QueuedCommand } from '../queue/queued-command.ts'
import { pause } from '../watch/back-off.ts'
import { afterDoubt } from './after-doubt.ts'
import { type Attempt, latestDeadline, queuedIn } from './attempt.ts'
import { conflicted, mostConflicts, refused, verdicts } from './conflict-counts.ts'
import type { PlannedAnswer } from './plan.ts'
import type { Resolution } from './resolve-append.ts'
import { isSighting } from './sighting.ts'
import { contended, inDoubt } from './write-failures.ts'

/** The commands that must be decided again after an attempt, from a fresh read. */
type Undecided = ReadonlyArray<QueuedCommand>

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
  isOver: (planned: PlannedAnswer) => boolean,
  failureOf: (planned: PlannedAnswer) => Failure
): Undecided => {
  const again: Array<QueuedCommand> = []
  for (const planned of answers) {
    const { queued, writes } = planned
    if (writes) {
      const why = failureOf(planned)
      const answer = answerAside(planned, fresh, why) ?? (isOver(planned) ? E.left(why) : undefined)
      if (answer !== undefined) {
        queued.settle(answer)
        continue
      }
      refused(queued, why)
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
  { append: { stream }, answers, fresh }: Attempt
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
    conflicted(planned.queued, isLate(planned))
    const answer = answerAside(planned, fresh, why) ?? E.left(why)
    if (planned.writes) planned.queued.course.whenOver = () => answer
  }
  const { left: patient, right: tired } = pipe(
    going,
    RA.partition((planned) => isSighting(planned) && verdicts.unrecorded(planned.queued) !== undefined)
  )
  const conflicts = mostConflicts(queuedIn(patient)) - 1
  // the first conflict is the usual way to learn that a key exists: no need to wait
  if (conflicts > 0 && tired.length === 0) await pause(settings, conflicts, latestDeadline(queuedIn(patient)))()
  return queuedIn([...tired, ...patient])
}

/** Takes what became of an attempt that did not simply succeed to its commands. Gives back those to decide again. */
export const conclude = async (
  engineState: EngineState,
  attempt: Attempt,
  resolution: Resolution
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
      return afterConflict(engineState, attempt)
    case 'NotWritten':
      return afterRefusal(
        attempt,
        (planned) => fresh && !isSighting(planned),
        () => resolution.error
      )
    case 'InDoubt':
      return afterRefusal(
        attempt,
        (planned) => !isSighting(planned),
        (planned) => inDoubt(stream, planned, resolution.error)
      )
  }
}
