import * as E from 'fp-ts/Either'
import type { Answer } from '../../../domain/answers.ts'
import type { Failure } from '../../../domain/failure.ts'
import { epochOf } from '../../../domain/state.ts'
import { senseless } from '../../stream/folded-stream.ts'
import { flushCounts } from '../counts/flush-counts.ts'
import { crowding, waitingOn } from '../counts/pending-counts.ts'
import type { EngineState } from '../engine-state.ts'
import { isSettled, type QueuedCommand } from '../queue/queued-command.ts'
import { aborted } from '../submission.ts'
import { freeze } from './attempt.ts'
import { assumedBasis, type Basis, readBasis, readFurther } from './basis.ts'
import { conclude, latestDeadline, settlePlanned } from './conclude.ts'
import { noConflicts } from './conflict-counts.ts'
import { whileInFlight } from './look-aside.ts'
import { plan } from './plan.ts'
import { resolveAppend } from './resolve-append.ts'

const settleAll = (queuedCommands: ReadonlyArray<QueuedCommand>, result: E.Either<Failure, Answer>): void => {
  for (const { settle } of queuedCommands) settle(result)
}

const isAborted = ({ submission }: QueuedCommand): boolean => submission.signal?.aborted === true

/** Those that still want an answer; those whose callers gave up get theirs. */
const stillWanted = (queuedCommands: ReadonlyArray<QueuedCommand>): ReadonlyArray<QueuedCommand> => {
  if (!queuedCommands.some((queued) => isAborted(queued) || isSettled(queued))) return queuedCommands
  settleAll(queuedCommands.filter(isAborted), E.left(aborted))
  return queuedCommands.filter((queued) => !isSettled(queued))
}

const latest = (queuedCommands: ReadonlyArray<QueuedCommand>): number =>
  latestDeadline(queuedCommands.map((queued) => ({ queued })))

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
  const conflictCounts = noConflicts()
  let basis = assumedBasis(engineState, stream, commands)
  let countsGo = true
  for (let left = stillWanted(commands); left.length > 0; left = stillWanted(left)) {
    if (basis === undefined) {
      const read: E.Either<Failure, Basis> = await readBasis(engineState, stream, latest(left))
      if (E.isLeft(read)) {
        for (const queued of left) queued.settle(E.left(conflictCounts.refusal(queued) ?? read.left))
        return
      }
      basis = read.right
      continue
    }
    const { folded, fresh, past }: Basis = basis
    const waiting = countsGo ? waitingOn(counts, stream, folded.state) : []
    if (waiting.length > 0 && crowding(settings.store, waiting, left)) {
      // they must not keep a command from being written that fits alone: they go before it, or not with it
      await flushCounts(engineState, stream)
      countsGo = false
      basis = undefined
      continue
    }
    const ground = { state: folded.state, waiting: waiting.map(({ event }) => event), ...(past && { past }) }
    const planned = plan(settings, left, ground, conflictCounts)
    if (planned._tag === 'NeedsPast') {
      // what is known reaches as far as it can: to read again would be to ask for ever
      if (past !== undefined || (planned.reach === 'snapshot' && folded.state.earlier !== undefined)) {
        planned.queued.settle(E.left(senseless(stream)))
        continue
      }
      const further = await readFurther(engineState, stream, planned.reach, latest(left))
      if (E.isLeft(further)) return settleAll(left, further)
      basis = further.right
      continue
    }
    const { results, events } = planned
    const rest = left.slice(results.length)
    const canWait = settings.recording === 'coalesce' && planned.canWait
    if (events.length === 0 || canWait) {
      if (!fresh) {
        basis = undefined
        continue
      }
      if (events.length === 0 || counts.add(stream, epochOf(folded.state), events)) {
        cache.set(stream, folded)
        settlePlanned(results)
        left = rest
        continue
      }
    }
    // what nobody read can be answered aside by nobody: whoever is late already is decided on what the stream holds
    if (!fresh && left.some(({ lateAt }) => lateAt < settings.timer.monotonicMs())) {
      basis = undefined
      continue
    }
    // an answer that nothing is written before rests on a fresh read as it is
    const ready = fresh ? results.findIndex(({ writes }) => writes) : 0
    settlePlanned(results.slice(0, ready))
    const open = results.slice(ready)
    const attempt = freeze(settings, stream, folded, [...waiting, ...events])
    const attempted = { stream, results: open, fresh, waiting: { epoch: epochOf(folded.state), events: waiting } }
    // counts that go along wait no more, unless nothing was written: lost they may be, but never counted twice
    if (waiting.length > 0) counts.drop(stream)
    const landed = whileInFlight(settings, stream, attempt, open, fresh)
    const resolution = await resolveAppend(settings)(attempt.append, latestDeadline(open))()
    landed()
    if (resolution._tag === 'Written' && !resolution.doubted) {
      cache.set(stream, attempt.after)
      settlePlanned(open)
      left = rest
      basis = { folded: attempt.after, fresh: true }
    } else {
      left = [...(await conclude(engineState, attempted, resolution, conflictCounts)), ...rest]
      basis = undefined
    }
  }
}
