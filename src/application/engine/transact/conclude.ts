import * as E from 'fp-ts/Either'
import * as RA from 'fp-ts/ReadonlyArray'
import type { Answer } from '../../../domain/answers.ts'
import { claimHashOf } from '../../../domain/claim.ts'
import type { Failure } from '../../../domain/failure.ts'
import { recordIdIn } from '../../../domain/identity.ts'
import type { State } from '../../../domain/state.ts'
import type { PlannedEvent } from './attempt.ts'
import { pause } from './back-off.ts'
import { readBasisUntil } from './basis.ts'
import type { Memory } from '../engine-state.ts'
import type { Pending } from '../queue/queued-command.ts'
import type { Planned } from './plan.ts'
import type { Resolution } from './resolve-append.ts'
import type { Settings } from '../../settings.ts'
import type { Tries } from './conflict-counts.ts'
import { contended, inDoubt } from './write-failures.ts'

/** An attempt that was made, and the commands that it was made for. */
export type Attempted = {
  readonly stream: string
  readonly results: ReadonlyArray<Planned>
  /** Whether they were decided on a fresh read, and not on a basis that only the append could vouch for. */
  readonly fresh: boolean
  /** The counts that went along, and their reservation. */
  readonly waiting: { readonly epoch: number; readonly events: ReadonlyArray<PlannedEvent> }
}

/** What is left to do after an attempt: the commands that must be decided again, from a fresh read. */
type Again = ReadonlyArray<Pending>

/** Answers commands as they were planned. */
export const settlePlanned = (results: ReadonlyArray<Planned>): void => {
  for (const { pending, result } of results) pending.settle(result)
}

const pendingOf = ({ pending }: Planned): Pending => pending

/** The moment until which at least one of the commands is still tried. */
export const latestDeadline = (results: ReadonlyArray<Pick<Planned, 'pending'>>): number =>
  results.reduce((latest, { pending }) => Math.max(latest, pending.deadlineAt), 0)

/** What somebody is told to act on, or to go on with: a claim that was granted, or whose lease was prolonged. */
type Licence = { readonly epoch: number; readonly claimId?: string }

const licenceIn = ({ result }: Planned): Licence | undefined => {
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
export const isSighting = ({ result }: Pick<Planned, 'result'>): boolean =>
  E.isRight(result) && (result.right._tag === 'Duplicate' || result.right._tag === 'Conflict')

const settleInDoubt = (stream: string, results: ReadonlyArray<Planned>, cause: Failure): void => {
  for (const planned of results) planned.pending.settle(E.left(inDoubt(stream, planned, cause)))
}

/** A command to be decided again although it was written: no failure may say that nothing was. */
const notWithoutTrace = (stream: string, planned: Planned): Pending => {
  const { course } = planned.pending
  course.trace = (cause) => (cause._tag === 'AppendUnknown' ? cause : inDoubt(stream, planned, cause))
  return planned.pending
}

/**
 * What was written in doubt is a fact whatever came after it. But nobody is told to act, or to go on, before the stream was
 * folded again: a claim that is not the current one any more, or under which there is an outcome, is decided anew.
 */
const afterDoubt = async (memory: Memory, stream: string, writers: ReadonlyArray<Planned>): Promise<Again> => {
  const { left: facts, right: grants } = RA.partition((planned: Planned) => licenceIn(planned) !== undefined)(writers)
  settlePlanned(facts)
  if (grants.length === 0) return []
  const now = await readBasisUntil(memory, stream, latestDeadline(grants))
  if (E.isLeft(now)) {
    settleInDoubt(stream, grants, now.left)
    return []
  }
  memory.cache.set(stream, now.right.loaded)
  const { state } = now.right.loaded
  const { left: lost, right: standing } = RA.partition((planned: Planned) =>
    stands(memory.settings, licenceIn(planned), state)
  )(grants)
  settlePlanned(standing)
  return lost.map((planned) => notWithoutTrace(stream, planned))
}

/** What a duplicate or conflict is answered that is not to be recorded, where that rests on a fresh read. */
const answerAside = ({ aside }: Planned, fresh: boolean, why: Failure): E.Either<Failure, Answer> | undefined =>
  fresh && aside !== undefined ? E.right(aside(why._tag)) : undefined

/**
 * The store would not write, or nobody knows whether it did. What was decided on a fresh read is answered: a duplicate or
 * conflict all the same, everything else by the failure. What was not is decided again on what the stream holds, and
 * nothing more is written of it.
 */
const afterRefusal = (
  { results, fresh }: Attempted,
  tries: Tries,
  refused: (planned: Planned) => boolean,
  failureOf: (planned: Planned) => Failure
): Again => {
  const again: Array<Pending> = []
  for (const planned of results) {
    const { pending, writes } = planned
    if (writes) {
      const why = failureOf(planned)
      const answer = answerAside(planned, fresh, why) ?? (refused(planned) ? E.left(why) : undefined)
      if (answer !== undefined) {
        pending.settle(answer)
        continue
      }
      tries.refused(pending, why)
      pending.course.whenOver = () => E.left(why)
    }
    again.push(pending)
  }
  return again
}

/**
 * Nothing was written: those that have time left are decided again, those that tried in vain to be recorded first.
 * Nobody is late before a decision on what the store really holds.
 */
const afterConflict = async (
  { settings }: Memory,
  { stream, results, fresh }: Attempted,
  tries: Tries
): Promise<Again> => {
  const now = settings.timer.monotonicMs()
  const isLate = ({ pending }: Planned): boolean => fresh && now >= pending.deadlineAt
  const { left: going, right: over } = RA.partition(
    (planned: Planned) => planned.writes && isLate(planned) && !isSighting(planned)
  )(results)
  const why = contended(recordIdIn(stream))
  for (const { pending } of over) pending.settle(E.left(why))
  for (const planned of going) {
    tries.conflicted(planned.pending, isLate(planned))
    const answer = answerAside(planned, fresh, why) ?? E.left(why)
    if (planned.writes) planned.pending.course.whenOver = () => answer
  }
  const { left: patient, right: tired } = RA.partition(
    (planned: Planned) => isSighting(planned) && tries.unrecorded(planned.pending) !== undefined
  )(going)
  const attempt = tries.most(patient.map(pendingOf)) - 1
  // the first conflict is the usual way to learn that a key exists: no need to wait
  if (attempt > 0 && tired.length === 0) await pause(settings, attempt, latestDeadline(patient))()
  return [...tired, ...patient].map(pendingOf)
}

/** Takes what became of an attempt that did not simply succeed to its commands. Gives back those to decide again. */
export const conclude = async (
  memory: Memory,
  attempted: Attempted,
  resolution: Resolution,
  tries: Tries
): Promise<Again> => {
  const { cache, counts } = memory
  const { stream, results, fresh, waiting } = attempted
  const { left: readers, right: writers } = RA.partition(({ writes }: Planned) => writes)(results)
  // a fold stays good where nothing was written
  if (resolution._tag !== 'NotWritten') cache.drop(stream)
  if (resolution._tag === 'NotWritten' || resolution._tag === 'Conflict') {
    if (waiting.events.length > 0) counts.add(stream, waiting.epoch, waiting.events)
  }
  switch (resolution._tag) {
    case 'Written':
      return [...readers.map(pendingOf), ...(await afterDoubt(memory, stream, writers))]
    case 'Conflict':
      return afterConflict(memory, attempted, tries)
    case 'NotWritten':
      return afterRefusal(
        attempted,
        tries,
        (planned) => fresh && !isSighting(planned),
        () => resolution.error
      )
    case 'InDoubt':
      return afterRefusal(
        attempted,
        tries,
        (planned) => !isSighting(planned),
        (planned) => inDoubt(stream, planned, resolution.error)
      )
  }
}
