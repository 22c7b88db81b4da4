import * as E from 'fp-ts/Either'
import { epochOf } from '../../../domain/state.ts'
import { senseless } from '../../stream/folded-stream.ts'
import { crowding, waitingOn } from '../counts/waiting-counts.ts'
import type { EngineState } from '../engine-state.ts'
import { isFlush, type QueuedCommand } from '../queue/queued-command.ts'
import { type Attempt, attemptOf, settlePlanned } from './attempt.ts'
import type { Basis } from './basis.ts'
import { verdicts } from './conflict-counts.ts'
import { type NeedsCurrent, type NeedsPast, plan } from './plan.ts'

/** Where the loop stands with the commands of one key: those that are left, and what they are decided on, where it is known. */
export type Round = {
  left: ReadonlyArray<QueuedCommand>
  basis: Basis | undefined
  /** Whether the counts that wait may still go along. */
  countsGo: boolean
}

/** What has to be waited for. */
export type Move =
  | { readonly _tag: 'Read' }
  | { readonly _tag: 'ReadFurther'; readonly needs: NeedsPast }
  | { readonly _tag: 'Confirm'; readonly basis: Basis; readonly needs: NeedsCurrent }
  | { readonly _tag: 'Append'; readonly attempt: Attempt; readonly rest: ReadonlyArray<QueuedCommand> }

const read: Move = { _tag: 'Read' }

const towardsPast = (stream: string, { past, folded }: Basis, needs: NeedsPast): Move | undefined => {
  const { queued, reach } = needs
  // what is known reaches as far as it can: to read again would be to ask for ever
  if (past === undefined && !(reach === 'snapshot' && folded.state.earlier !== undefined)) {
    return { _tag: 'ReadFurther', needs }
  }
  queued.settle(E.left(senseless(stream)))
  return undefined
}

/**
 * Decides the commands of one key, and answers those that need nothing more than that. All of it without waiting; what has to
 * be waited for is handed back. Nothing is where the round only got on, or is over.
 */
export const nextMove = (engineState: EngineState, stream: string, round: Round): Move | undefined => {
  const { settings, cache, counts } = engineState
  const { left, basis } = round
  if (basis === undefined) return read
  const { folded, fresh } = basis
  const waiting = round.countsGo ? waitingOn(counts, stream, folded.state) : []
  // counts must not keep a command from being written that fits alone: they go before it, and are tried once
  const countsAlone = waiting.length > 0 && crowding(settings.store, waiting, left)
  if (countsAlone) round.countsGo = false
  const planned = plan(settings, countsAlone ? [] : left, basis, waiting, verdicts)
  if (planned._tag === 'NeedsPast') return towardsPast(stream, basis, planned)
  if (planned._tag === 'NeedsCurrent') return fresh ? { _tag: 'Confirm', basis, needs: planned } : read
  const { answers, events } = planned
  const rest = left.slice(answers.length)
  const nothingToWrite = events.length === 0 && planned.canWait && !countsAlone
  const canWait = planned.canWait && settings.recording === 'coalesce' && !countsAlone
  if (nothingToWrite || canWait) {
    if (!fresh) return read
    if (nothingToWrite || counts.add(stream, epochOf(folded.state), events)) {
      // those of a reservation that is over find no place any more
      const isFlushed = answers.some(({ queued }) => isFlush(queued))
      if (nothingToWrite && round.countsGo && waiting.length === 0 && isFlushed) counts.drop(stream)
      cache.set(stream, folded)
      settlePlanned(answers)
      round.left = rest
      return undefined
    }
  }
  // only on a fresh read can `look-aside` answer those whose time runs out: for those who are late already, read first
  if (!fresh && left.some(({ lateAt }) => lateAt < settings.timer.monotonicMs())) return read
  // answers before the first that writes rest on the read alone: where it is fresh they are given at once
  const ready = fresh ? answers.findIndex(({ writes }) => writes) : 0
  // what callers get a part of is frozen before: the attempt is built on it
  if (ready > 0) cache.set(stream, folded)
  if (ready !== 0) settlePlanned(answers.slice(0, ready))
  const toWrite = ready === 0 ? planned : { ...planned, answers: answers.slice(ready) }
  const attempt = attemptOf(settings, stream, basis, waiting, toWrite)
  // counts that go along are taken from those that wait, and put back only if surely nothing was written: in doubt they
  // are lost rather than counted twice
  if (waiting.length > 0) counts.drop(stream)
  return { _tag: 'Append', attempt, rest }
}
