import * as E from 'fp-ts/Either'
import { nextRevision } from '../../../domain/expected-revision.ts'
import { failure } from '../../../domain/failure.ts'
import type { Settings } from '../../settings.ts'
import { expectedAfter } from '../../stream/folded-stream.ts'
import { freezeAnswered } from '../../stream/frozen.ts'
import { readState } from '../../stream/read-state.ts'
import { settleFromOutside } from '../queue/queued-command.ts'
import { type Attempt, latestDeadline, queuedIn } from './attempt.ts'
import { plan } from './plan.ts'
import { isSighting } from './sighting.ts'
import { inDoubt } from './write-failures.ts'

const overdue = failure('StoreTimeout', 'the store did not answer a write in time')

const inFlight = 'AppendUnknown'

/**
 * Answers what it can of an attempt that takes most of its commands' time, by a fresh read beside it: duplicates and
 * conflicts, and any command that the stream now shows to be one, where the attempt can no longer make it something else.
 */
const lookAside = async (settings: Settings, { append, answers }: Attempt): Promise<void> => {
  const read = await readState(settings)(append.stream, 'record', latestDeadline(queuedIn(answers)))()
  if (E.isLeft(read)) return
  freezeAnswered(read.right.state)
  const moved = nextRevision(expectedAfter(read.right)) !== nextRevision(append.expected)
  for (const { queued, result, writes } of answers) {
    if (!writes || !(moved || isSighting({ result }))) continue
    const alone = plan(settings, [queued], { folded: read.right }, [], {
      refusal: () => undefined,
      unrecorded: () => inFlight
    })
    const answer = alone._tag === 'Planned' ? alone.answers[0] : undefined
    if (answer !== undefined && isSighting(answer)) settleFromOutside(queued, answer.result)
  }
}

/** Tells the commands of an attempt what they are answered should it take too long. Gives a way to take that back. */
export const whileInFlight = (settings: Settings, attempt: Attempt): (() => void) => {
  const { answers, fresh } = attempt
  let looking = false
  const whenLate = (): void => {
    if (!looking) void lookAside(settings, attempt)
    looking = true
  }
  for (const planned of answers) {
    const { queued, writes, aside } = planned
    if (!writes) continue
    queued.course.whenLate = whenLate
    queued.course.whenOver = () =>
      fresh && aside !== undefined ? E.right(aside(inFlight)) : E.left(inDoubt(attempt.append.stream, planned, overdue))
  }
  return () => {
    for (const { queued } of answers) queued.course.whenLate = undefined
  }
}
