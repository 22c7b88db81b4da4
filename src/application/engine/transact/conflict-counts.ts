import type { Failure, FailureTag } from '../../../domain/failure.ts'
import type { Pending } from '../queue/queued-command.ts'

/** After so many conflicts a duplicate or conflict is answered without being recorded. */
export const fewTries = 3

/** What became of the tries to write what commands came to. */
export type Tries = {
  /** Counts one more conflict; for a command that is late it was the last that it could afford. */
  readonly conflicted: (pending: Pending, late: boolean) => void
  /** The store would not write it, or nobody knows: it is tried no more. */
  readonly refused: (pending: Pending, why: Failure) => void
  /** Why nothing more is to be written of a command. A duplicate or conflict is answered all the same. */
  readonly refusal: (pending: Pending) => Failure | undefined
  /** Why a duplicate or conflict is now answered without being recorded. */
  readonly unrecorded: (pending: Pending) => FailureTag | undefined
  readonly most: (pendings: ReadonlyArray<Pending>) => number
}

export const noTries = (): Tries => {
  const conflicts = new Map<Pending, number>()
  const refusals = new Map<Pending, Failure>()
  const of = (pending: Pending): number => conflicts.get(pending) ?? 0
  return {
    conflicted: (pending, late) => {
      conflicts.set(pending, Math.max(of(pending) + 1, late ? fewTries : 0))
    },
    refused: (pending, why) => {
      refusals.set(pending, why)
    },
    refusal: (pending) => refusals.get(pending),
    unrecorded: (pending) => refusals.get(pending)?._tag ?? (of(pending) >= fewTries ? 'Contended' : undefined),
    most: (pendings) => pendings.reduce((most, pending) => Math.max(most, of(pending)), 0)
  }
}
