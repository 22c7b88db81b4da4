import type { Pending } from './submission.ts'

/** After so many conflicts a duplicate or conflict is answered without being recorded. */
export const fewTries = 3

/** How often commands met a conflict. */
export type Tries = {
  /** Counts one more conflict; for a command that is late it was the last that it could afford. */
  readonly conflicted: (pending: Pending, late: boolean) => void
  /** Whether a duplicate or conflict is now answered without being recorded. */
  readonly areOver: (pending: Pending) => boolean
  readonly most: (pendings: ReadonlyArray<Pending>) => number
}

export const noTries = (): Tries => {
  const conflicts = new Map<Pending, number>()
  const of = (pending: Pending): number => conflicts.get(pending) ?? 0
  return {
    conflicted: (pending, late) => {
      conflicts.set(pending, Math.max(of(pending) + 1, late ? fewTries : 0))
    },
    areOver: (pending) => of(pending) >= fewTries,
    most: (pendings) => Math.max(0, ...pendings.map(of))
  }
}
