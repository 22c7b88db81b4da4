import * as E from 'fp-ts/Either'
import type { Failure } from '../../../domain/failure.ts'
import { epochOf } from '../../../domain/state.ts'
import { senseless } from '../../stream/folded-stream.ts'
import { crowding, waitingOn } from '../counts/waiting-counts.ts'
import type { EngineState } from '../engine-state.ts'
import { isFlush, isSettled, type QueuedCommand } from '../queue/queued-command.ts'
import { aborted } from '../submission.ts'
import { attemptOf, latestDeadline, settlePlanned } from './attempt.ts'
import { assumedBasis, type Basis, readBasis, readFurther } from './basis.ts'
import { conclude } from './conclude.ts'
import { confirmedBasis } from './confirm-basis.ts'
import { verdicts } from './conflict-counts.ts'
import { whileInFlight } from './look-aside.ts'
import { plan } from './plan.ts'
import { resolveAppend } from './resolve-append.ts'

const isAborted = ({ submission }: QueuedCommand): boolean => submission?.signal?.aborted === true

/** Those that still want an answer; those whose callers gave up get theirs. */
const stillWanted = (commands: ReadonlyArray<QueuedCommand>): ReadonlyArray<QueuedCommand> => {
  if (!commands.some((queued) => isAborted(queued) || isSettled(queued))) return commands
  for (const queued of commands) if (isAborted(queued)) queued.settle(E.left(aborted))
  return commands.filter((queued) => !isSettled(queued))
}

/**
 * Loads, decides, appends: the one loop of the ledger (SPEC section 6). Takes the commands that wait on one key
 * through one append, and goes on until each is answered.
 */
export const transact = async (
  engineState: EngineState,
  stream: string,
  commands: ReadonlyArray<QueuedCommand>
): Promise<void> => {
  const { settings, cache, counts } = engineState
  let basis = assumedBasis(engineState, stream, commands)
  let countsGo = true
  for (let left = stillWanted(commands); left.length > 0; left = stillWanted(left)) {
    const deadlineAt = latestDeadline(left)
    if (basis === undefined) {
      const read: E.Either<Failure, Basis> = await readBasis(engineState, stream, deadlineAt)
      if (E.isLeft(read)) {
        for (const queued of left) queued.settle(E.left(verdicts.refusal(queued) ?? read.left))
        return
      }
      basis = read.right
      continue
    }
    const { folded, fresh, current, past }: Basis = basis
    const waiting = countsGo ? waitingOn(counts, stream, folded.state) : []
    // counts must not keep a command from being written that fits alone: they go before it, and are tried once
    const countsAlone = waiting.length > 0 && crowding(settings.store, waiting, left)
    if (countsAlone) countsGo = false
    const planned = plan(settings, countsAlone ? [] : left, basis, waiting, verdicts)
    if (planned._tag === 'NeedsPast') {
      // what is known reaches as far as it can: to read again would be to ask for ever
      if (past !== undefined || (planned.reach === 'snapshot' && folded.state.earlier !== undefined)) {
        planned.queued.settle(E.left(senseless(stream)))
        continue
      }
      const further = await readFurther(engineState, stream, planned.reach, deadlineAt)
      if (E.isLeft(further)) {
        for (const queued of left) queued.settle(further)
        return
      }
      // nothing is read after this that shows less: what was current stays so
      basis = { ...further.right, ...(current && { current }) }
      continue
    }
    if (planned._tag === 'NeedsCurrent') {
      basis = fresh ? await confirmedBasis(engineState, stream, basis, planned) : undefined
      continue
    }
    const { answers, events } = planned
    const rest = left.slice(answers.length)
    const nothingToWrite = events.length === 0 && planned.canWait && !countsAlone
    const canWait = planned.canWait && settings.recording === 'coalesce' && !countsAlone
    if (nothingToWrite || canWait) {
      if (!fresh) {
        basis = undefined
        continue
      }
      if (nothingToWrite || counts.add(stream, epochOf(folded.state), events)) {
        // those of a reservation that is over find no place any more
        const isFlushed = answers.some(({ queued }) => isFlush(queued))
        if (nothingToWrite && countsGo && waiting.length === 0 && isFlushed) counts.drop(stream)
        cache.set(stream, folded)
        settlePlanned(answers)
        left = rest
        continue
      }
    }
    // only on a fresh read can `look-aside` answer those whose time runs out: for those who are late already, read first
    if (!fresh && left.some(({ lateAt }) => lateAt < settings.timer.monotonicMs())) {
      basis = undefined
      continue
    }
    // answers before the first that writes rest on the read alone: where it is fresh they are given at once
    const ready = fresh ? answers.findIndex(({ writes }) => writes) : 0
    // what callers get a part of is frozen before: the attempt is built on it
    if (ready > 0) cache.set(stream, folded)
    settlePlanned(answers.slice(0, ready))
    const attempt = attemptOf(settings, stream, basis, waiting, { ...planned, answers: answers.slice(ready) })
    // counts that go along are taken from those that wait, and put back only if surely nothing was written: in doubt they
    // are lost rather than counted twice
    if (waiting.length > 0) counts.drop(stream)
    const landed = whileInFlight(settings, attempt)
    const resolution = await resolveAppend(settings)(attempt.append, deadlineAt)()
    landed()
    if (resolution._tag === 'Written' && !resolution.doubted) {
      cache.set(stream, attempt.after)
      settlePlanned(attempt.answers)
      left = rest
      basis = { folded: attempt.after, fresh: true, current: true }
    } else {
      left = [...(await conclude(engineState, attempt, resolution)), ...rest]
      basis = undefined
    }
  }
}
