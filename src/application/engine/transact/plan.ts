import * as E from 'fp-ts/Either'
import type { Answer } from '../../../domain/answers.ts'
import { decide } from '../../../domain/decide/decide.ts'
import { afterEvents, type Reach } from '../../../domain/decide/decision.ts'
import type { LedgerEvent } from '../../../domain/events/ledger-event.ts'
import type { Failure, FailureTag } from '../../../domain/failure.ts'
import { mergeNeighbours, mergeTwo } from '../../../domain/merge.ts'
import { extendPastByDecided } from '../../../domain/past.ts'
import { recordOf, type State } from '../../../domain/state.ts'
import { clockTime } from '../../ports/clock-time.ts'
import type { Settings } from '../../settings.ts'
import type { QueuedCommand } from '../queue/queued-command.ts'
import type { PlannedEvent, Provenance } from '../submission.ts'
import type { Basis } from './basis.ts'
import type { Verdicts } from './conflict-counts.ts'
import { isSightingEvent, tellsOfSighting } from './sighting.ts'

/** What one queued command comes to if the whole plan is written. A flush comes to no answer. */
export type PlannedAnswer = {
  readonly queued: QueuedCommand
  readonly result: E.Either<Failure, Answer | undefined>
  /** Whether it wants events written; an answer without events rests on the state alone. */
  readonly writes: boolean
  /** A duplicate or conflict that rests on nothing but what was read: what it is answered where it is not recorded. */
  readonly aside?: ((why: FailureTag) => Answer) | undefined
}

/** What commands come to together: their answers, and what is written before these are given. */
export type Plan = {
  readonly _tag: 'Planned'
  readonly answers: ReadonlyArray<PlannedAnswer>
  /** In order, neighbours merged. */
  readonly events: ReadonlyArray<PlannedEvent>
  /** The state after the counts that wait, and all events. */
  readonly after: State
  /** Whether nothing need be written now: every event is a duplicate or a known conflict, and no command is a flush. */
  readonly canWait: boolean
}

/** A command whose claim is of an epoch that the state has not reached, which may be behind. */
export type NeedsCurrent = { readonly _tag: 'NeedsCurrent'; readonly queued: QueuedCommand; readonly epoch: number }

/** A command that cannot be decided on the basis: it lacks what lies further back. */
export type NeedsPast = { readonly _tag: 'NeedsPast'; readonly queued: QueuedCommand; readonly reach: Reach }

const sameProvenance = (a: Provenance, b: Provenance): boolean =>
  a.actor === b.actor && a.correlationId === b.correlationId && a.causationId === b.causationId

/** Merged events keep a provenance that all of them share. */
const mergePlanned = (a: PlannedEvent, b: PlannedEvent): PlannedEvent | undefined => {
  const event = mergeTwo(a.event, b.event)
  return event && { event, provenance: sameProvenance(a.provenance, b.provenance) ? a.provenance : {} }
}

/** A conflicting fingerprint that the record does not list yet is always recorded at once. */
const isKnown = (event: LedgerEvent, state: State): boolean =>
  event.type !== 'ConflictRecorded' ||
  (recordOf(state)?.conflictFingerprints.includes(event.data.requestFingerprint) ?? false)

/** A duplicate or conflict that is answered without being recorded, and why it is not where that is nobody's choice. */
const unrecorded = (answer: Answer, state: State, why: FailureTag | undefined): Answer => {
  const record = recordOf(state)
  return record !== undefined && tellsOfSighting(answer)
    ? { ...answer, record, ...(why !== undefined && { unrecorded: why }) }
    : answer
}

/** Whether an event holds what no command says, and no weight of a batch counts: the points that a takeover inherits. */
const inherits = (event: LedgerEvent): boolean => event.type === 'Reserved' && event.data.recoveryPoints !== undefined

/** A flush wants the counts written that wait; after a few conflicts it leaves them to the next. */
const plannedFlush = (
  queued: QueuedCommand,
  waiting: ReadonlyArray<PlannedEvent>,
  { refusal, unrecorded: given }: Verdicts
): PlannedAnswer => ({
  queued,
  result: E.right(undefined),
  writes: waiting.length > 0 && refusal(queued) === undefined && given(queued) === undefined
})

/**
 * Decides the commands of one key one after another, as if each were written before the next, and all of them after the
 * counts that wait. The verdicts name those of which nothing more is to be written.
 */
export const plan = (
  settings: Pick<Settings, 'clock' | 'recording'>,
  commands: ReadonlyArray<QueuedCommand>,
  { folded, current = false, past }: Pick<Basis, 'folded' | 'current' | 'past'>,
  waiting: ReadonlyArray<PlannedEvent>,
  verdicts: Verdicts
): Plan | NeedsPast | NeedsCurrent => {
  const answers: Array<PlannedAnswer> = []
  const events: Array<PlannedEvent> = []
  // decided, and not yet in the past
  let since = waiting.map(({ event }) => event)
  let state = afterEvents(folded.state, since)
  let known = past
  let canWait = true
  let onlySightings = true
  for (const queued of commands) {
    const { submission } = queued
    if (submission === undefined) {
      const flush = plannedFlush(queued, waiting, verdicts)
      canWait &&= !flush.writes
      answers.push(flush)
      continue
    }
    const now = submission.nowMs === undefined ? clockTime(settings.clock) : E.right(submission.nowMs)
    if (E.isLeft(now)) {
      answers.push({ queued, result: now, writes: false })
      continue
    }
    let decision = decide(submission.at(now.right), state)
    if (decision._tag === 'NeedsPast' && known !== undefined) {
      known = extendPastByDecided(known, since)
      since = []
      decision = decision.given(known)
    }
    if (decision._tag === 'NeedsPast') {
      // the past that can be read ends where this batch begins: the commands before this one are written first, without it
      if (!answers.some(({ writes }) => writes)) return { _tag: 'NeedsPast', queued, reach: decision.reach }
      break
    }
    if (decision._tag === 'Refused') {
      const { unreached } = decision
      const untold = unreached === undefined || current ? undefined : verdicts.refusal(queued)
      if (unreached !== undefined && !current && untold === undefined) {
        // what comes before it goes first, and may prove by its append that the state is current
        if (answers.length === 0) return { _tag: 'NeedsCurrent', queued, epoch: unreached }
        break
      }
      answers.push({ queued, result: E.left(untold ?? decision.failure), writes: false })
      continue
    }
    const { answer } = decision
    const writes = decision.events.length > 0
    const isSighting = writes && decision.events.every(isSightingEvent)
    const why = settings.recording === 'ignore' ? undefined : verdicts.unrecorded(queued)
    if (isSighting && (settings.recording === 'ignore' || why !== undefined)) {
      answers.push({ queued, result: E.right(unrecorded(answer, state, why)), writes: false })
      continue
    }
    const refusal = writes ? verdicts.refusal(queued) : undefined
    if (refusal !== undefined) {
      answers.push({ queued, result: E.left(refusal), writes: false })
      continue
    }
    const isHeavy = decision.events.some(inherits)
    // it goes in an append of its own: together they might be more than the store takes
    if (isHeavy && events.length > 0) break
    for (const event of decision.events) {
      canWait &&= isSightingEvent(event) && isKnown(event, state)
      events.push({ event, provenance: submission.provenance })
    }
    since.push(...decision.events)
    state = decision.state
    if (writes) onlySightings &&= isSighting
    const aside = isSighting && onlySightings ? (tag: FailureTag) => unrecorded(answer, folded.state, tag) : undefined
    answers.push({ queued, result: E.right(answer), writes, aside })
    if (isHeavy) break
  }
  return { _tag: 'Planned', answers, events: mergeNeighbours(mergePlanned)(events), after: state, canWait }
}
