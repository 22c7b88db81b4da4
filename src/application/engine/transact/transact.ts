import * as E from 'fp-ts/Either'
import type { Failure } from '../../../domain/failure.ts'
import type { EngineState } from '../engine-state.ts'
import { isSettled, type QueuedCommand } from '../queue/queued-command.ts'
import { aborted } from '../submission.ts'
import { latestDeadline, settlePlanned } from './attempt.ts'
import { assumedBasis, type Basis, readBasis, readFurther } from './basis.ts'
import { conclude } from './conclude.ts'
import { confirmedBasis } from './confirm-basis.ts'
import { verdicts } from './conflict-counts.ts'
import { whileInFlight } from './look-aside.ts'
import { type Move, nextMove, type Round } from './next-move.ts'
import type { NeedsCurrent, NeedsPast } from './plan.ts'
import { type Resolution, resolveAppend } from './resolve-append.ts'

const isAborted = ({ submission }: QueuedCommand): boolean => submission?.signal?.aborted === true

/** Those that still want an answer; those whose callers gave up get theirs. */
const stillWanted = (commands: ReadonlyArray<QueuedCommand>): ReadonlyArray<QueuedCommand> => {
  if (!commands.some((queued) => isAborted(queued) || isSettled(queued))) return commands
  for (const queued of commands) if (isAborted(queued)) queued.settle(E.left(aborted))
  return commands.filter((queued) => !isSettled(queued))
}

const fail = (round: Round, failed: (queued: QueuedCommand) => Failure): void => {
  for (const queued of round.left) queued.settle(E.left(failed(queued)))
  round.left = []
}

const read = async (engineState: EngineState, stream: string, round: Round): Promise<void> => {
  const basis = await readBasis(engineState, stream, latestDeadline(round.left))
  if (E.isRight(basis)) round.basis = basis.right
  else fail(round, (queued) => verdicts.refusal(queued) ?? basis.left)
}

/** What lies further back is one command's need: where it cannot be read the others are decided on what there is. */
const readOn = async (
  engineState: EngineState,
  stream: string,
  round: Round,
  { queued, reach }: NeedsPast
): Promise<void> => {
  const current = round.basis?.current
  const further = await readFurther(engineState, stream, reach, queued.deadlineAt)
  // nothing is read after this that shows less: what was current stays so
  if (E.isRight(further)) round.basis = { ...further.right, ...(current && { current }) }
  else queued.settle(E.left(verdicts.refusal(queued) ?? further.left))
}

const confirm = async (
  engineState: EngineState,
  stream: string,
  round: Round,
  basis: Basis,
  needs: NeedsCurrent
): Promise<void> => {
  round.basis = await confirmedBasis(engineState, stream, basis, needs)
}

const append = (
  engineState: EngineState,
  round: Round,
  { attempt, rest }: Extract<Move, { readonly _tag: 'Append' }>
): Promise<void> => {
  const { settings, cache } = engineState
  const { stream } = attempt.append
  const landed = whileInFlight(settings, attempt)
  const settled = (resolution: Resolution): Promise<void> | undefined => {
    landed()
    if (resolution._tag === 'Written' && !resolution.doubted) {
      cache.set(stream, attempt.after)
      settlePlanned(attempt.answers)
      round.left = rest
      round.basis = { folded: attempt.after, fresh: true, current: true }
      return undefined
    }
    round.basis = undefined
    return conclude(engineState, attempt, resolution).then((again) => {
      round.left = [...again, ...rest]
    })
  }
  return resolveAppend(settings)(attempt.append, latestDeadline(round.left))().then(settled)
}

const carryOut = (engineState: EngineState, stream: string, round: Round, move: Move): Promise<void> => {
  switch (move._tag) {
    case 'Append':
      return append(engineState, round, move)
    case 'Read':
      return read(engineState, stream, round)
    case 'ReadFurther':
      return readOn(engineState, stream, round, move.needs)
    case 'Confirm':
      return confirm(engineState, stream, round, move.basis, move.needs)
  }
}

/**
 * Loads, decides, appends: the one loop of the ledger (SPEC section 6). Takes the commands that wait on one key
 * through one append, and goes on until each is answered. It holds little itself: an `async` function keeps room for all
 * that it names, for as long as it waits, and one that named what a decision needs took a tenth of what a command makes.
 */
export const transact = async (
  engineState: EngineState,
  stream: string,
  commands: ReadonlyArray<QueuedCommand>
): Promise<void> => {
  const basis = assumedBasis(engineState, stream, commands)
  const round: Round = { left: stillWanted(commands), basis, countsGo: true }
  while (round.left.length > 0) {
    const move = nextMove(engineState, stream, round)
    if (move !== undefined) await carryOut(engineState, stream, round, move)
    round.left = stillWanted(round.left)
  }
}
