import type { Failure, FailureTag } from '../../../domain/failure.ts'
import type { QueuedCommand } from '../queue/queued-command.ts'

/** After so many conflicts a duplicate or conflict is answered without being recorded. */
export const fewConflicts = 3

/** What became of the tries to write what commands came to. */
export type ConflictCounts = {
  /** Counts one more conflict; for a command that is late it was the last that it could afford. */
  readonly conflicted: (queued: QueuedCommand, late: boolean) => void
  /** The store would not write it, or nobody knows: it is tried no more. */
  readonly refused: (queued: QueuedCommand, why: Failure) => void
  /** Why nothing more is to be written of a command. A duplicate or conflict is answered all the same. */
  readonly refusal: (queued: QueuedCommand) => Failure | undefined
  /** Why a duplicate or conflict is now answered without being recorded. */
  readonly unrecorded: (queued: QueuedCommand) => FailureTag | undefined
  readonly highest: (commands: ReadonlyArray<QueuedCommand>) => number
}

export const noConflicts = (): ConflictCounts => {
  // for every command, and of use to few of them
  let conflicts: Map<QueuedCommand, number> | undefined
  let refusals: Map<QueuedCommand, Failure> | undefined
  const of = (queued: QueuedCommand): number => conflicts?.get(queued) ?? 0
  return {
    conflicted: (queued, late) => {
      conflicts ??= new Map()
      conflicts.set(queued, Math.max(of(queued) + 1, late ? fewConflicts : 0))
    },
    refused: (queued, why) => {
      refusals ??= new Map()
      refusals.set(queued, why)
    },
    refusal: (queued) => refusals?.get(queued),
    unrecorded: (queued) => refusals?.get(queued)?._tag ?? (of(queued) >= fewConflicts ? 'Contended' : undefined),
    highest: (commands) => commands.reduce((highest, queued) => Math.max(highest, of(queued)), 0)
  }
}
