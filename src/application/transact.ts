import * as E from 'fp-ts/Either'
import type { Answer } from '../domain/answers.ts'
import type { Failure } from '../domain/failure.ts'
import { epochOf } from '../domain/state.ts'
import { freeze } from './attempt.ts'
import { assumedBasis, type Basis, readBasis, readFurther } from './basis.ts'
import { conclude, latestDeadline, settlePlanned } from './conclude.ts'
import type { Memory } from './memory.ts'
import { waitingOn } from './pending-counts.ts'
import { plan } from './plan.ts'
import { resolveAppend } from './resolve-append.ts'
import { aborted, type Pending } from './submission.ts'
import { noTries } from './tries.ts'

const settleAll = (pendings: ReadonlyArray<Pending>, result: E.Either<Failure, Answer>): void => {
  for (const { settle } of pendings) settle(result)
}

const isAborted = ({ submission }: Pending): boolean => submission.signal?.aborted === true

/** Those that still want an answer; those whose callers gave up get theirs. */
const stillWanted = (pendings: ReadonlyArray<Pending>): ReadonlyArray<Pending> => {
  if (!pendings.some(isAborted)) return pendings
  settleAll(pendings.filter(isAborted), E.left(aborted))
  return pendings.filter((pending) => !isAborted(pending))
}

/**
 * Loads, decides, appends: the one loop of the ledger (SPEC section 6). Takes the commands that wait on one key
 * through one append, and goes on until each is answered.
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
    const { loaded, fresh, past }: Basis = basis
    const waiting = waitingOn(counts, stream, loaded.state)
    const ground = { state: loaded.state, waiting: waiting.map(({ event }) => event), ...(past && { past }) }
    const planned = plan(settings, left, ground, tries.areOver)
    if (planned._tag === 'NeedsPast') {
      const further = await readFurther(memory, stream, planned.reach)
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
      if (events.length === 0 || counts.add(stream, epochOf(loaded.state), events)) {
        cache.set(stream, loaded)
        settlePlanned(results)
        left = rest
        continue
      }
    }
    // an answer that nothing is written before rests on a fresh read as it is
    const ready = fresh ? results.findIndex(({ writes }) => writes) : 0
    settlePlanned(results.slice(0, ready))
    const open = results.slice(ready)
    const { append, after } = freeze(settings, stream, loaded, [...waiting, ...events])
    const resolution = await resolveAppend(settings)(append, latestDeadline(open))()
    if (resolution._tag === 'Written' && !resolution.doubted) {
      counts.drop(stream)
      cache.set(stream, after)
      settlePlanned(open)
      left = rest
      basis = { loaded: after, fresh: true }
    } else {
      left = [...(await conclude(memory, { stream, results: open, fresh }, resolution, tries)), ...rest]
      basis = undefined
    }
  }
}
