import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import { type Failure, failure } from '../../../domain/failure.ts'
import { recordIdIn } from '../../../domain/identity.ts'
import { epochOf } from '../../../domain/state.ts'
import { timeLeft } from '../../ports/time-left.ts'
import type { EngineState } from '../engine-state.ts'
import { fewWaits, pause } from '../watch/back-off.ts'
import { type Basis, passing, readBasis, readBasisUntil } from './basis.ts'
import { refused, verdicts } from './conflict-counts.ts'
import type { NeedsCurrent } from './plan.ts'

/** The answer where nobody could tell in time which node leads: the claim may be good. */
const untold = (stream: string, cause?: Failure): Failure => {
  const recordId = recordIdIn(stream)
  const message = `${recordId}: whether this claim was issued cannot be told: what the store shows may be behind`
  return failure('StoreUnavailable', message, { recordId, ...(cause && { cause }) })
}

/** A store that cannot tell whether its reads are current is read again a few times. */
const lookAgain = async (
  engineState: EngineState,
  stream: string,
  basis: Basis,
  epoch: number,
  deadlineAt: number
): Promise<E.Either<Failure, Basis>> => {
  let latest = basis
  for (let look = 0; look < fewWaits && epochOf(latest.folded.state) < epoch; look++) {
    await pause(engineState.settings, look, deadlineAt)()
    const read = await readBasis(engineState, stream, deadlineAt)
    if (E.isLeft(read)) return read
    latest = read.right
  }
  return E.right({ ...latest, current: true })
}

/**
 * A basis to judge a claim by whose epoch a fresh one has not reached: it is behind, or the claim is forged. The store says
 * from when on its reads are current. The rare path.
 */
const confirmBasis = async (
  engineState: EngineState,
  stream: string,
  basis: Basis,
  epoch: number,
  deadlineAt: number
): Promise<E.Either<Failure, Basis>> => {
  const { settings } = engineState
  const { confirmCurrent } = settings.store
  if (confirmCurrent === undefined) return lookAgain(engineState, stream, basis, epoch, deadlineAt)
  for (let attempt = 0; ; attempt++) {
    const confirmed = await confirmCurrent(timeLeft(settings.timer, deadlineAt))()
    if (E.isRight(confirmed)) {
      if (confirmed.right === 'always') return E.right({ ...basis, current: true })
      const read = await readBasisUntil(engineState, stream, deadlineAt)
      return pipe(
        read,
        E.map((latest) => ({ ...latest, current: true }))
      )
    }
    if (!passing.has(confirmed.left._tag)) return confirmed
    if (settings.timer.monotonicMs() >= deadlineAt) return E.left(untold(stream, confirmed.left))
    await pause(settings, attempt, deadlineAt)()
  }
}

/** A basis to judge a command by whose claim it does not show yet; where there is none the command is refused. */
export const confirmedBasis = async (
  engineState: EngineState,
  stream: string,
  basis: Basis,
  { queued, epoch }: NeedsCurrent
): Promise<Basis> => {
  const { course, deadlineAt } = queued
  const { whenOver } = course
  course.whenOver = () => E.left(verdicts.refusal(queued) ?? untold(stream))
  const read = await confirmBasis(engineState, stream, basis, epoch, deadlineAt)
  course.whenOver = whenOver
  if (E.isRight(read)) return read.right
  refused(queued, read.left)
  return basis
}
