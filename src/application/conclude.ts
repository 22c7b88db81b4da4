import * as E from 'fp-ts/Either'
import * as RA from 'fp-ts/ReadonlyArray'
import { type Claim, claimHashOf } from '../domain/claim.ts'
import { type Failure, failure } from '../domain/failure.ts'
import { recordIdIn } from '../domain/identity.ts'
import type { State } from '../domain/state.ts'
import { pause } from './back-off.ts'
import { readBasisUntil } from './basis.ts'
import type { Memory } from './memory.ts'
import type { Planned } from './plan.ts'
import type { Resolution } from './resolve-append.ts'
import type { Settings } from './settings.ts'
import { claimIn, type Pending } from './submission.ts'
import type { Tries } from './tries.ts'

/** An attempt that was made, and the commands that it was made for. */
export type Attempted = {
  readonly stream: string
  readonly results: ReadonlyArray<Planned>
  /** Whether they were decided on a fresh read, and not on a basis that only the append could vouch for. */
  readonly fresh: boolean
}

/** What is left to do after an attempt: the commands that must be decided again, from a fresh read. */
type Again = ReadonlyArray<Pending>

/** Answers commands as they were planned. */
export const settlePlanned = (results: ReadonlyArray<Planned>): void => {
  for (const { pending, result } of results) pending.settle(result)
}

const pendingOf = ({ pending }: Planned): Pending => pending

/** The moment until which at least one of the commands is still tried. */
export const latestDeadline = (results: ReadonlyArray<Planned>): number =>
  Math.max(...results.map(({ pending }) => pending.deadlineAt))

const grantedBy = ({ result }: Planned): Claim | undefined => (E.isRight(result) ? claimIn(result.right) : undefined)

const isCurrent = ({ sha256 }: Settings, claim: Claim | undefined, state: State): boolean =>
  state._tag === 'Held' && state.record.epoch === claim?.epoch && state.claimHash === claimHashOf(sha256)(claim.claimId)

/** Whether it is answered the same where it cannot be recorded. */
const isSighting = ({ result }: Planned): boolean =>
  E.isRight(result) && (result.right._tag === 'Duplicate' || result.right._tag === 'Conflict')

const inDoubt = (stream: string, planned: Planned, cause: Failure): Failure => {
  const recordId = recordIdIn(stream)
  const claim = grantedBy(planned)
  const advice = claim === undefined ? 'ask again' : 'reserve again with its claim id'
  const message = `whether ${recordId} was written could not be found out; ${advice}`
  return failure('AppendUnknown', message, { recordId, cause, ...(claim === undefined ? {} : { claim }) })
}

const settleInDoubt = (stream: string, results: ReadonlyArray<Planned>, cause: Failure): void => {
  for (const planned of results) planned.pending.settle(E.left(inDoubt(stream, planned, cause)))
}

/** A command to be decided again although its claim was written, and is over: no failure may say that nothing was. */
const notWithoutTrace = (stream: string, planned: Planned): Pending => ({
  ...planned.pending,
  settle: (result) => planned.pending.settle(E.mapLeft((cause: Failure) => inDoubt(stream, planned, cause))(result))
})

const contended = (recordId: string): Failure =>
  failure('Contended', `${recordId} was written by others until the deadline; nothing of this was written`, {
    recordId
  })

/** What was written in doubt is a fact whatever came after it; only a claim has to be the current one still. */
const afterDoubt = async (memory: Memory, stream: string, writers: ReadonlyArray<Planned>): Promise<Again> => {
  const { left: facts, right: grants } = RA.partition((planned: Planned) => grantedBy(planned) !== undefined)(writers)
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
    isCurrent(memory.settings, grantedBy(planned), state)
  )(grants)
  settlePlanned(standing)
  return lost.map((planned) => notWithoutTrace(stream, planned))
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
  for (const { pending } of over) pending.settle(E.left(contended(recordIdIn(stream))))
  for (const planned of going) tries.conflicted(planned.pending, isLate(planned))
  const { left: patient, right: tired } = RA.partition(
    (planned: Planned) => isSighting(planned) && tries.areOver(planned.pending)
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
  const { stream, results } = attempted
  const { left: readers, right: writers } = RA.partition(({ writes }: Planned) => writes)(results)
  // a fold stays good where nothing was written
  if (resolution._tag !== 'NotWritten') cache.drop(stream)
  switch (resolution._tag) {
    case 'Written':
      counts.drop(stream)
      return [...readers.map(pendingOf), ...(await afterDoubt(memory, stream, writers))]
    case 'Conflict':
      return afterConflict(memory, attempted, tries)
    case 'NotWritten':
      for (const { pending } of writers) pending.settle(E.left(resolution.error))
      return readers.map(pendingOf)
    case 'InDoubt':
      // counts that went with it may stand: lost they may be, but never counted twice
      counts.drop(stream)
      settleInDoubt(stream, writers, resolution.error)
      return readers.map(pendingOf)
  }
}
