import * as E from 'fp-ts/Either'
import { freeze } from '../transact/attempt.ts'
import { readBasis } from '../transact/basis.ts'
import type { Memory } from '../engine-state.ts'
import { waitingOn } from './pending-counts.ts'
import { resolveAppend } from '../transact/resolve-append.ts'
import { fewTries } from '../transact/conflict-counts.ts'

/**
 * Writes the counts that wait on a key, if their reservation still stands. Best effort: what cannot be written goes on
 * waiting, and what may have been written is lost rather than counted twice.
 */
export const flushCounts = async (memory: Memory, stream: string): Promise<void> => {
  const { settings, counts, cache } = memory
  const deadlineAt = settings.timer.monotonicMs() + settings.deadlineMs
  for (let attempt = 0; attempt < fewTries; attempt++) {
    const basis = await readBasis(memory, stream, deadlineAt)
    if (E.isLeft(basis)) return
    const { loaded } = basis.right
    const waiting = waitingOn(counts, stream, loaded.state)
    if (waiting.length === 0) return counts.drop(stream)
    const { append, after } = freeze(settings, stream, loaded, waiting)
    const resolution = await resolveAppend(settings)(append, deadlineAt)()
    if (resolution._tag === 'Conflict') continue
    if (resolution._tag === 'Written' && !resolution.doubted) cache.set(stream, after)
    if (resolution._tag !== 'NotWritten') counts.drop(stream)
    return
  }
}
