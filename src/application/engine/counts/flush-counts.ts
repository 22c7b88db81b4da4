import * as E from 'fp-ts/Either'
import type { EngineState } from '../engine-state.ts'
import { freeze } from '../transact/attempt.ts'
import { readBasis } from '../transact/basis.ts'
import { fewConflicts } from '../transact/conflict-counts.ts'
import { resolveAppend } from '../transact/resolve-append.ts'
import { waitingOn } from './pending-counts.ts'

/**
 * Writes the counts that wait on a key, if their reservation still stands. Best effort: what cannot be written goes on
 * waiting, and what may have been written is lost rather than counted twice.
 */
export const flushCounts = async (engineState: EngineState, stream: string): Promise<void> => {
  const { settings, counts, cache } = engineState
  const deadlineAt = settings.timer.monotonicMs() + settings.deadlineMs
  for (let attempt = 0; attempt < fewConflicts; attempt++) {
    const basis = await readBasis(engineState, stream, deadlineAt)
    if (E.isLeft(basis)) return
    const { folded } = basis.right
    const waiting = waitingOn(counts, stream, folded.state)
    if (waiting.length === 0) return counts.drop(stream)
    const { append, after } = freeze(settings, stream, folded, waiting)
    const resolution = await resolveAppend(settings)(append, deadlineAt)()
    if (resolution._tag === 'Conflict') continue
    if (resolution._tag === 'Written' && !resolution.doubted) cache.set(stream, after)
    if (resolution._tag !== 'NotWritten') counts.drop(stream)
    return
  }
}
