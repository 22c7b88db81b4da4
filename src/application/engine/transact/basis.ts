import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import type { Reach } from '../../../domain/decide/decision.ts'
import { following, nextRevision } from '../../../domain/expected-revision.ts'
import type { Failure, FailureTag } from '../../../domain/failure.ts'
import type { Past } from '../../../domain/past.ts'
import { isSnapshotDue } from '../../../domain/snapshot.ts'
import { type FoldedStream, unwritten } from '../../stream/folded-stream.ts'
import { freezeAnswered } from '../../stream/frozen.ts'
import { isCurrent } from '../../stream/is-current.ts'
import { readPast } from '../../stream/read-history.ts'
import { readState } from '../../stream/read-state.ts'
import type { EngineState } from '../engine-state.ts'
import { isFlush, type QueuedCommand } from '../queue/queued-command.ts'
import { pause } from '../watch/back-off.ts'

/** What commands are decided on. */
export type Basis = {
  readonly folded: FoldedStream
  /** Whether it was read from the store after the commands arrived; else only an append can vouch for it. */
  readonly fresh: boolean
  /** Whether it shows all that was written before the commands were taken up: an append proved it, or the store said so. */
  readonly current?: boolean
  readonly past?: Past
}

/** Of what was read just now. Answers that are never cached are made of it too, and share its record. */
const freshBasis = (folded: FoldedStream): Basis => {
  freezeAnswered(folded.state)
  return { folded, fresh: true }
}

/** How many revisions before a snapshot is due it is seen to that the fold has what it must hold. */
const ahead = 8n

/** Whether a snapshot is about to be due, and the fold does not know all that it must hold. */
const lacksEvidence = ({ state, actual, foldStart }: FoldedStream): boolean =>
  state.earlier === undefined && isSnapshotDue(nextRevision(following(actual)) + ahead, foldStart)

/** Whether the stream may have been deleted since, which its expected revision does not tell: a key that has ended may be. */
const mayBeGone = ({ store }: EngineState['settings'], { state }: FoldedStream): boolean =>
  store.continuesAfterDelete === true && state._tag === 'Vacant'

/** A basis that costs no read, where there is one. */
export const assumedBasis = (
  { settings, cache }: EngineState,
  stream: string,
  [first]: ReadonlyArray<QueuedCommand>
): Basis | undefined => {
  // nobody waits for a flush: it rests on what the stream holds
  if (first !== undefined && isFlush(first)) return undefined
  const cached = cache.get(stream)
  if (cached !== undefined) {
    return lacksEvidence(cached) || mayBeGone(settings, cached) ? undefined : { folded: cached, fresh: false }
  }
  // the first reserve of a key is one round trip: it is tried before anything is read
  return first?.submission?.optimistic === true
    ? { folded: unwritten(settings.sha256, stream), fresh: false }
    : undefined
}

/** A fold at hand whose last event the stream still ends with needs no other read than of that. */
const confirmedFold = async (
  { settings, cache }: EngineState,
  stream: string,
  deadlineAt: number
): Promise<E.Either<Failure, FoldedStream | undefined>> => {
  const cached = cache.get(stream)
  // where there was nothing, the look for its end would be all there is to read
  if (cached === undefined || cached.actual === 'noStream' || lacksEvidence(cached)) return E.right(undefined)
  const current = await isCurrent(settings)(stream, cached, deadlineAt)()
  return pipe(
    current,
    E.map((is) => (is ? cached : undefined))
  )
}

/** A basis that is read after the commands arrived. */
export const readBasis = async (
  engineState: EngineState,
  stream: string,
  deadlineAt: number
): Promise<E.Either<Failure, Basis>> => {
  const confirmed = await confirmedFold(engineState, stream, deadlineAt)
  if (E.isRight(confirmed) && confirmed.right !== undefined) return E.right({ folded: confirmed.right, fresh: true })
  engineState.cache.drop(stream)
  if (E.isLeft(confirmed)) return confirmed
  const read = await readState(engineState.settings)(stream, 'record', deadlineAt)()
  const basis = E.map(freshBasis)(read)
  if (E.isLeft(read) || !lacksEvidence(read.right)) return basis
  // a snapshot is for those that come later: where what it must hold cannot be read there is none
  const now = engineState.settings.timer.monotonicMs()
  const further = await readFurther(engineState, stream, 'snapshot', now + Math.max(0, deadlineAt - now) / 4)
  return E.isRight(further) ? further : basis
}

/** Failures that may be over by the next try. */
export const passing: ReadonlySet<FailureTag> = new Set(['StoreBusy', 'StoreUnavailable', 'StoreTimeout'])

/** A read that is needed to answer what was written already: it is tried again until the deadline. */
export const readBasisUntil = async (
  engineState: EngineState,
  stream: string,
  deadlineAt: number
): Promise<E.Either<Failure, Basis>> => {
  const { settings } = engineState
  for (let attempt = 0; ; attempt++) {
    const basis = await readBasis(engineState, stream, deadlineAt)
    if (E.isRight(basis) || !passing.has(basis.left._tag)) return basis
    if (settings.timer.monotonicMs() >= deadlineAt) return basis
    await pause(settings, attempt, deadlineAt)()
  }
}

/**
 * A basis that knows more than the last reservation: as far back as the last snapshot, or all that the state has
 * forgotten, from a read of the whole stream. The rare path.
 */
export const readFurther = async (
  { settings, cache }: EngineState,
  stream: string,
  reach: Reach,
  deadlineAt: number
): Promise<E.Either<Failure, Basis>> => {
  cache.drop(stream)
  if (reach === 'snapshot') {
    const state = await readState(settings)(stream, reach, deadlineAt)()
    return E.map(freshBasis)(state)
  }
  const read = await readPast(settings)(stream, deadlineAt)()
  return E.map(({ past, folded }: { past: Past; folded: FoldedStream }): Basis => ({ ...freshBasis(folded), past }))(
    read
  )
}
