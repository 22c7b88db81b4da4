import * as E from 'fp-ts/Either'
import type { Reach } from '../../../domain/decide/decision.ts'
import { following, nextRevision } from '../../../domain/expected-revision.ts'
import type { Failure, FailureTag } from '../../../domain/failure.ts'
import type { Past } from '../../../domain/past.ts'
import { isSnapshotDue } from '../../../domain/snapshot.ts'
import { pause } from './back-off.ts'
import { type Loaded, unwritten } from '../../stream/folded-stream.ts'
import type { Memory } from '../engine-state.ts'
import type { Pending } from '../queue/queued-command.ts'
import { readPast } from '../../stream/read-history.ts'
import { readState } from '../../stream/read-state.ts'

/** What commands are decided on. */
export type Basis = {
  readonly loaded: Loaded
  /** Whether it was read from the store after the commands arrived; else only an append can vouch for it. */
  readonly fresh: boolean
  readonly past?: Past
}

/** How many revisions before a snapshot is due it is seen to that the fold has what it must hold. */
const ahead = 8n

/** Whether a snapshot is about to be due, and the fold does not know all that it must hold. */
const lacksEvidence = ({ state, actual, stopAt }: Loaded): boolean =>
  state.earlier === undefined && isSnapshotDue(nextRevision(following(actual)) + ahead, stopAt)

/** Whether the stream may have been deleted since, which its expected revision does not tell: a key that has ended may be. */
const mayBeGone = ({ store }: Memory['settings'], { state }: Loaded): boolean =>
  store.continuesAfterDelete === true && state._tag === 'Vacant'

/** A basis that costs no read, where there is one. */
export const assumedBasis = (
  { settings, cache }: Memory,
  stream: string,
  [first]: ReadonlyArray<Pending>
): Basis | undefined => {
  const cached = cache.get(stream)
  if (cached !== undefined) {
    return lacksEvidence(cached) || mayBeGone(settings, cached) ? undefined : { loaded: cached, fresh: false }
  }
  // the first reserve of a key is one round trip: it is tried before anything is read
  return first?.submission.firstTry === true ? { loaded: unwritten(settings.sha256, stream), fresh: false } : undefined
}

export const readBasis = async (
  memory: Memory,
  stream: string,
  deadlineAt: number
): Promise<E.Either<Failure, Basis>> => {
  memory.cache.drop(stream)
  const read = await readState(memory.settings)(stream, 'record', deadlineAt)()
  const basis = E.map((loaded: Loaded): Basis => ({ loaded, fresh: true }))(read)
  if (E.isLeft(read) || !lacksEvidence(read.right)) return basis
  // a snapshot is for those that come later: where what it must hold cannot be read there is none
  const now = memory.settings.timer.monotonicMs()
  const further = await readFurther(memory, stream, 'snapshot', now + Math.max(0, deadlineAt - now) / 4)
  return E.isRight(further) ? further : basis
}

/** Failures that may be over by the next try. */
const passing: ReadonlySet<FailureTag> = new Set(['StoreBusy', 'StoreUnavailable', 'StoreTimeout'])

/** A read that is needed to answer what was written already: it is tried again until the deadline. */
export const readBasisUntil = async (
  memory: Memory,
  stream: string,
  deadlineAt: number
): Promise<E.Either<Failure, Basis>> => {
  const { settings } = memory
  for (let attempt = 0; ; attempt++) {
    const basis = await readBasis(memory, stream, deadlineAt)
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
  { settings, cache }: Memory,
  stream: string,
  reach: Reach,
  deadlineAt: number
): Promise<E.Either<Failure, Basis>> => {
  cache.drop(stream)
  if (reach === 'snapshot') {
    const state = await readState(settings)(stream, reach, deadlineAt)()
    return E.map((loaded: Loaded): Basis => ({ loaded, fresh: true }))(state)
  }
  const read = await readPast(settings)(stream, deadlineAt)()
  return E.map(({ past, loaded }: { past: Past; loaded: Loaded }): Basis => ({ loaded, past, fresh: true }))(read)
}
