import * as E from 'fp-ts/Either'
import type { Answer } from '../../../domain/answers.ts'
import { decide } from '../../../domain/decide/decide.ts'
import { afterEvents, type Reach } from '../../../domain/decide/decision.ts'
import type { LedgerEvent } from '../../../domain/events/ledger-event.ts'
import type { Failure, FailureTag } from '../../../domain/failure.ts'
import { mergeNeighbours, mergeTwo } from '../../../domain/merge.ts'
import { extendPastByDecided, type Past } from '../../../domain/past.ts'
import { recordOf, type State } from '../../../domain/state.ts'
import { clockTime } from '../../ports/clock-time.ts'
import type { Settings } from '../../settings.ts'
import type { QueuedCommand } from '../queue/queued-command.ts'
import type { PlannedEvent, Provenance } from './attempt.ts'
import type { ConflictCounts } from './conflict-counts.ts'

/** What one pending command comes to if the whole plan is written. */
export type PlannedAnswer = {
  readonly queued: QueuedCommand
  readonly result: E.Either<Failure, Answer>
  /** Whether it wants events written; an answer without events rests on the state alone. */
  readonly writes: boolean
  /** A duplicate or conflict that rests on nothing but what was read: what it is answered where it is not recorded. */
  readonly aside?: (why: FailureTag) => Answer
}

export type Plan =
  | {
      readonly _tag: 'Planned'
      readonly results: ReadonlyArray<PlannedAnswer>
      /** In order, neighbours merged. */
      readonly events: ReadonlyArray<PlannedEvent>
      /** Whether every event is a duplicate or a known conflict, which may wait for the key's next event. */
      readonly canWait: boolean
    }
  | { readonly _tag: 'NeedsPast'; readonly queued: QueuedCommand; readonly reach: Reach }

/** What commands are decided on: the state, what it has forgotten where that was read, and counts yet to be written. */
export type Ground = {
  readonly state: State
  readonly past?: Past
  readonly waiting: ReadonlyArray<LedgerEvent>
}

const sameProvenance = (a: Provenance, b: Provenance): boolean =>
  a.actor === b.actor && a.correlationId === b.correlationId && a.causationId === b.causationId

/** Merged events keep a context that all of them share. */
const mergePlanned = (a: PlannedEvent, b: PlannedEvent): PlannedEvent | undefined => {
  const event = mergeTwo(a.event, b.event)
  return event && { event, provenance: sameProvenance(a.provenance, b.provenance) ? a.provenance : {} }
}

const isObservation = (event: LedgerEvent): boolean =>
  event.type === 'DuplicateSeen' || event.type === 'ConflictRecorded'

/** A conflicting fingerprint that the record does not list yet is always recorded at once. */
const isKnown = (event: LedgerEvent, state: State): boolean =>
  event.type !== 'ConflictRecorded' ||
  (recordOf(state)?.conflictFingerprints.includes(event.data.requestFingerprint) ?? false)

/** A duplicate or conflict that is answered without being recorded, and why it is not where that is nobody's choice. */
const unrecorded = (answer: Answer, state: State, why: FailureTag | undefined): Answer => {
  const record = recordOf(state)
  return record !== undefined && (answer._tag === 'Duplicate' || answer._tag === 'Conflict')
    ? { ...answer, record, ...(why !== undefined && { unrecorded: why }) }
    : answer
}

/**
 * Decides the commands of one key one after another, as if each were written before the next. `tries` names those of
 * which nothing more is to be written.
 */
export const plan = (
  settings: Pick<Settings, 'clock' | 'recording'>,
  queuedCommands: ReadonlyArray<QueuedCommand>,
  { state: from, past, waiting }: Ground,
  conflictCounts: Pick<ConflictCounts, 'refusal' | 'unrecorded'>
): Plan => {
  const results: Array<PlannedAnswer> = []
  const events: Array<PlannedEvent> = []
  let state = afterEvents(from, waiting)
  let known = past
  // decided since, and not yet in the past
  let since = [...waiting]
  let canWait = true
  let onlySightings = true
  for (const queued of queuedCommands) {
    const { nowMs } = queued.submission
    const now = nowMs === undefined ? clockTime(settings.clock) : E.right(nowMs)
    if (E.isLeft(now)) {
      results.push({ queued, result: now, writes: false })
      continue
    }
    const command = queued.submission.at(now.right)
    let decision = decide(command, state)
    if (decision._tag === 'NeedsPast' && known !== undefined) {
      known = extendPastByDecided(known, since)
      since = []
      decision = decision.given(known)
    }
    if (decision._tag === 'NeedsPast') {
      // commands before it in the batch may have moved the state beyond the past: they go first, alone
      if (!results.some(({ writes }) => writes)) return { _tag: 'NeedsPast', queued, reach: decision.reach }
      break
    }
    if (decision._tag === 'Refused') {
      results.push({ queued, result: E.left(decision.failure), writes: false })
      continue
    }
    const { answer } = decision
    const writes = decision.events.length > 0
    const isSighting = writes && decision.events.every(isObservation)
    const why = settings.recording === 'ignore' ? undefined : conflictCounts.unrecorded(queued)
    if (isSighting && (settings.recording === 'ignore' || why !== undefined)) {
      results.push({ queued, result: E.right(unrecorded(answer, state, why)), writes: false })
      continue
    }
    const refusal = writes ? conflictCounts.refusal(queued) : undefined
    if (refusal !== undefined) {
      results.push({ queued, result: E.left(refusal), writes: false })
      continue
    }
    for (const event of decision.events) {
      canWait &&= isObservation(event) && isKnown(event, state)
      events.push({ event, provenance: queued.submission.provenance })
    }
    state = afterEvents(state, decision.events)
    since.push(...decision.events)
    if (writes) onlySightings &&= isSighting
    const aside = isSighting && onlySightings && ((tag: FailureTag) => unrecorded(answer, from, tag))
    results.push({ queued, result: E.right(answer), writes, ...(aside && { aside }) })
  }
  return { _tag: 'Planned', results, events: mergeNeighbours(mergePlanned)(events), canWait }
}
