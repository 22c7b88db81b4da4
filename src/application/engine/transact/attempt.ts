import { epochOf } from '../../../domain/state.ts'
import type { Settings } from '../../settings.ts'
import type { QueuedCommand } from '../queue/queued-command.ts'
import type { PlannedEvent } from '../submission.ts'
import type { Basis } from './basis.ts'
import { type FixedAppend, fixAppend } from './fix-append.ts'
import type { Plan, PlannedAnswer } from './plan.ts'

/** An append that is about to be tried, and the commands that it is made for. */
export type Attempt = FixedAppend & {
  readonly answers: ReadonlyArray<PlannedAnswer>
  /** Whether they were decided on a fresh read, and not on a basis that only the append could vouch for. */
  readonly fresh: boolean
  /** The counts that go along, and their reservation. */
  readonly waiting: { readonly epoch: number; readonly events: ReadonlyArray<PlannedEvent> }
}

export const attemptOf = (
  settings: Settings,
  stream: string,
  { folded, fresh }: Basis,
  waiting: ReadonlyArray<PlannedEvent>,
  { answers, events, after }: Plan
): Attempt => {
  const all = waiting.length === 0 ? events : [...waiting, ...events]
  const fixed = fixAppend(settings, stream, folded, all, after)
  return {
    append: fixed.append,
    after: fixed.after,
    answers,
    fresh,
    waiting: { epoch: epochOf(folded.state), events: waiting }
  }
}

/** Answers commands as they were planned. */
export const settlePlanned = (answers: ReadonlyArray<PlannedAnswer>): void => {
  for (const { queued, result } of answers) queued.settle(result)
}

/** The moment until which at least one of the commands is still tried. */
export const latestDeadline = (commands: ReadonlyArray<QueuedCommand>): number =>
  commands.reduce((latest, { deadlineAt }) => Math.max(latest, deadlineAt), 0)

export const queuedIn = (answers: ReadonlyArray<PlannedAnswer>): ReadonlyArray<QueuedCommand> =>
  answers.map(({ queued }) => queued)
