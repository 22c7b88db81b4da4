import type { Failure, FailureTag } from '../../../domain/failure.ts'
import type { QueuedCommand } from '../queue/queued-command.ts'

/** After so many conflicts a duplicate or conflict is answered without being recorded. */
export const fewConflicts = 3

// What became of the tries to write what a command came to. It stands in the command's own course: a map for each batch
// would be made for every command, and is of use to few of them.

/** Counts one more conflict; for a command that is late it was the last that it could afford. */
export const conflicted = ({ course }: QueuedCommand, late: boolean): void => {
  course.conflicts = Math.max(course.conflicts + 1, late ? fewConflicts : 0)
}

/** The store would not write it, or nobody knows: it is tried no more. */
export const refused = ({ course }: QueuedCommand, why: Failure): void => {
  course.refusal = why
}

/** Of which commands nothing more is to be written, and why. */
export type Verdicts = {
  readonly refusal: (queued: QueuedCommand) => Failure | undefined
  /** Why a duplicate or conflict is now answered without being recorded. */
  readonly unrecorded: (queued: QueuedCommand) => FailureTag | undefined
}

/** As the tries so far have it. A duplicate or conflict is answered all the same. */
export const verdicts: Verdicts = {
  refusal: ({ course }) => course.refusal,
  unrecorded: ({ course }) => course.refusal?._tag ?? (course.conflicts >= fewConflicts ? 'Contended' : undefined)
}

export const mostConflicts = (commands: ReadonlyArray<QueuedCommand>): number =>
  commands.reduce((most, { course }) => Math.max(most, course.conflicts), 0)
