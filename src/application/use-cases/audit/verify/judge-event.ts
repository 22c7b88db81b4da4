import * as E from 'fp-ts/Either'
import { isFold } from '../../../../domain/audit/is-fold.ts'
import { illegality } from '../../../../domain/audit/legal-transitions.ts'
import { evolve } from '../../../../domain/evolve.ts'
import { initialState, type State } from '../../../../domain/state.ts'
import type { RecordedEvent } from '../../../ports/event-store.ts'
import type { Settings } from '../../../settings.ts'
import { type DecodedEvent, decodeRecorded, isIntact } from '../../../stream/event-text.ts'
import { mayBegin } from '../../../stream/may-begin.ts'
import { startingState } from '../../../stream/starting-state.ts'
import { type Finding, findingAt } from './finding.ts'

export type Judging = Pick<Settings, 'sha256' | 'store'>

/** How far a stream was judged: its last event, and the state after it. */
export type Link = {
  readonly revision: bigint
  readonly hash: string
  /** The hash that the last event itself follows on. */
  readonly previousHash: string
  readonly state: State
  /** About how many bytes it holds, from the texts that it came from. */
  readonly weight: number
}

/** An event that is as it must be; `unjudged` where it carries a snapshot of another version of the fold. */
export type Sound = { readonly link: Link; readonly unjudged: boolean }

/** A state with its link, the names of its fields, and the entry that it is held in. */
const perLink = 1500

/** What an event adds to what its state holds; a reservation holds nothing of the one before it. */
const weightOf = (before: Link | undefined, { event, recorded }: DecodedEvent): number => {
  const own = 2 * recorded.data.length
  switch (event.type) {
    case 'Reserved':
    case 'Imported':
      return perLink + own
    case 'Completed':
    case 'ConflictRecorded':
      return (before?.weight ?? perLink) + own
    default:
      return before?.weight ?? perLink
  }
}

const unsound = (recorded: RecordedEvent, sha256: Judging['sha256'], message: string): Finding =>
  isIntact(sha256, recorded) ? findingAt(recorded, 'unreadable', message) : findingAt(recorded, 'altered', message)

const linkFault = (before: Link, { recorded, metadata, event }: DecodedEvent): Finding | undefined => {
  const { revision } = recorded
  if (revision > before.revision + 1n) {
    return findingAt(recorded, 'missing', `revision ${before.revision + 1n} is not before it`)
  }
  if (revision <= before.revision) {
    return findingAt(recorded, 'misplaced', `it stands behind revision ${before.revision} in the log`)
  }
  if (event.id === before.state.lastEventId || metadata.hash === before.hash) {
    return findingAt(recorded, 'repeated', `it is revision ${before.revision} once more`)
  }
  if (metadata.previousHash === before.hash) return undefined
  return metadata.previousHash === before.previousHash
    ? findingAt(recorded, 'forked', `it follows on the same event as revision ${before.revision} does`)
    : findingAt(recorded, 'broken', 'it does not follow on the event before it')
}

/** The state that the first event of a stream meets; undefined where it may be none of a stream's. */
const beginning = (judging: Judging, decoded: DecodedEvent): State | 'anew' | undefined => {
  if (!mayBegin(judging, decoded)) return undefined
  return decoded.recorded.revision === 0n ? initialState : 'anew'
}

/** The state after the first event of what is left of a stream, where that is not its revision 0. */
const anew = (decoded: DecodedEvent): E.Either<Finding, State> => {
  const state = startingState(decoded, true)
  return state === undefined
    ? E.left(findingAt(decoded.recorded, 'transition', `a stream cannot begin with ${decoded.event.type}`))
    : E.right(state)
}

const stateAfter = (before: State | 'anew', decoded: DecodedEvent): E.Either<Finding, State> => {
  if (before === 'anew') return anew(decoded)
  const illegal = illegality(before, decoded.event)
  return illegal === undefined
    ? E.right(evolve(before, decoded.event))
    : E.left(findingAt(decoded.recorded, illegal.kind, `${decoded.event.type} ${illegal.says}`))
}

const notFirst = (recorded: RecordedEvent): Finding =>
  recorded.revision > 0n
    ? findingAt(recorded, 'missing', `revision ${recorded.revision - 1n} is not before it`)
    : findingAt(recorded, 'broken', 'it does not begin its stream')

/**
 * Judges an event of a stream by what is before it: its own hash, its place, its link, whether it is a legal transition,
 * and its snapshot. `before` is undefined where nothing is.
 */
export const judgeEvent = (
  judging: Judging,
  before: Link | undefined,
  recorded: RecordedEvent
): E.Either<Finding, Sound> => {
  const read = decodeRecorded(judging.sha256)(recorded)
  if (E.isLeft(read)) return E.left(unsound(recorded, judging.sha256, `${read.left._tag}: ${read.left.message}`))
  const decoded = read.right
  const from = before === undefined ? beginning(judging, decoded) : before.state
  if (from === undefined) return E.left(notFirst(recorded))
  const fault = before === undefined ? undefined : linkFault(before, decoded)
  if (fault !== undefined) return E.left(fault)
  const state = stateAfter(from, decoded)
  if (E.isLeft(state)) return state
  const { snapshot, hash, previousHash } = decoded.metadata
  const folded = snapshot === undefined ? undefined : isFold(snapshot, state.right)
  if (folded === 'no') return E.left(findingAt(recorded, 'snapshot', 'its snapshot is not the fold of its stream'))
  return E.right({
    link: { revision: recorded.revision, hash, previousHash, state: state.right, weight: weightOf(before, decoded) },
    unjudged: folded === 'other'
  })
}
