import * as E from 'fp-ts/Either'
import type { Answer } from '../domain/answers.ts'
import { afterEvents } from '../domain/decide/decision.ts'
import { type Failure, failure } from '../domain/failure.ts'
import { epochOf } from '../domain/state.ts'
import { freeze, type PlannedEvent } from './attempt.ts'
import { assumedBasis, type Basis, readBasis, readBasisWithPast } from './basis.ts'
import { conclude, latestDeadline, settlePlanned } from './conclude.ts'
import type { Loaded } from './loaded.ts'
import type { Memory } from './memory.ts'
import { plan } from './plan.ts'
import { resolveAppend } from './resolve-append.ts'
import type { Pending } from './submission.ts'
import { fewTries, noTries } from './tries.ts'

/** The waiting counts of the reservation that still stands. */
const waitingFor = ({ counts }: Memory, stream: string, { state }: Loaded): ReadonlyArray<PlannedEvent> =>
  state._tag === 'Held' ? counts.of(stream, epochOf(state)) : []

const settleAll = (pendings: ReadonlyArray<Pending>, result: E.Either<Failure, Answer>): void => {
  for (const { settle } of pendings) settle(result)
}

const aborted = failure('Aborted', 'the caller gave up; nothing was written')

const isAborted = ({ submission }: Pending): boolean => submission.signal?.aborted === true

/** Those that still want an answer; those whose callers gave up get theirs. */
const stillWanted = (pendings: ReadonlyArray<Pending>): ReadonlyArray<Pending> => {
  settleAll(pendings.filter(isAborted), E.left(aborted))
  return pendings.filter((pending) => !isAborted(pending))
}

/**
 * Loads, decides, appends: the one loop of the ledger (SPEC section 6). Takes the commands that wait on one key
 * through one append, and goes on until each is answered. Never rejects.
 */
export const transact = async (memory: Memory, stream: string, commands: ReadonlyArray<Pending>): Promise<void> => {
  const { settings, cache, counts } = memory
  const tries = noTries()
  let basis = assumedBasis(memory, stream, commands)
  for (let left = stillWanted(commands); left.length > 0; left = stillWanted(left)) {
    if (basis === undefined) {
      const read: E.Either<Failure, Basis> = await readBasis(memory, stream)
      if (E.isLeft(read)) return settleAll(left, read)
      basis = read.right
    }
    const waiting = waitingFor(memory, stream, basis.loaded)
    const state = afterEvents(
      basis.loaded.state,
      waiting.map(({ event }) => event)
    )
    const planned = plan(settings, left, state, basis.past, tries.areOver)
    if (planned._tag === 'NeedsPast') {
      const whole = await readBasisWithPast(memory, stream)
      if (E.isLeft(whole)) return settleAll(left, whole)
      basis = whole.right
      continue
    }
    const { results, events } = planned
    const rest = left.slice(results.length)
    const wait = settings.recording === 'coalesce' && planned.canWait
    if (events.length === 0 || wait) {
      if (!basis.fresh) {
        basis = undefined
        continue
      }
      if (events.length > 0) counts.add(stream, epochOf(state), events)
      else cache.set(stream, basis.loaded)
      settlePlanned(results)
      left = rest
      continue
    }
    // an answer that nothing is written before rests on a fresh read as it is
    const ready = basis.fresh ? results.findIndex(({ writes }) => writes) : 0
    settlePlanned(results.slice(0, ready))
    const open = results.slice(ready)
    const { append, after } = freeze(settings, stream, basis.loaded, [...waiting, ...events])
    const resolution = await resolveAppend(settings)(append, latestDeadline(open))()
    const attempted = { stream, results: open, fresh: basis.fresh, after }
    left = [...(await conclude(memory, attempted, resolution, tries)), ...rest]
    basis = resolution._tag === 'Written' && !resolution.doubted ? { loaded: after, fresh: true } : undefined
  }
}

/** Writes the counts that wait on a key, if their reservation still stands. Best effort: lost counts are allowed. */
export const flushCounts = async (memory: Memory, stream: string): Promise<void> => {
  const { settings, counts, cache } = memory
  for (let attempt = 0; attempt < fewTries; attempt++) {
    const basis = await readBasis(memory, stream)
    if (E.isLeft(basis)) return
    const waiting = waitingFor(memory, stream, basis.right.loaded)
    if (waiting.length === 0) return counts.drop(stream)
    const { append, after } = freeze(settings, stream, basis.right.loaded, waiting)
    const deadlineAt = settings.timer.monotonicMs() + settings.deadlineMs
    const resolution = await resolveAppend(settings)(append, deadlineAt)()
    if (resolution._tag === 'Conflict') continue
    if (resolution._tag === 'Written' && !resolution.doubted) cache.set(stream, after)
    if (resolution._tag !== 'NotWritten') counts.drop(stream)
    return
  }
}
