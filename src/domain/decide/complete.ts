import type { AlreadyCompleted, ClaimLost, Completed, CompletedByKey, NotHeld } from '../answers.ts'
import type { ClaimHash } from '../claim.ts'
import type { Complete, CompleteByKey, CompleteByOperator } from '../commands.ts'
import type { LedgerEvent } from '../events/ledger-event.ts'
import { maxRejections, rejectionDigest } from '../evidence.ts'
import { apply } from '../evolve.ts'
import { invalidInput } from '../failure.ts'
import { after, type Instant, latestInstant, type Millis } from '../instant.ts'
import { type Outcome, sameOutcome } from '../outcome.ts'
import { epochOf, type Held, type State } from '../state.ts'
import { type Decision, decided, decidedBy, needsPast, refused } from './decision.ts'
import { claimLost, fenced } from './fence.ts'

/**
 * Records a completion that must not count, once per claim and outcome and 64 times an epoch at most, and answers as it
 * would have anyway. A claim of this epoch had none rejected before it; of any other only the past can tell.
 */
const reject = <A>(
  command: { readonly atMs: Instant; readonly outcome: Outcome },
  claim: { readonly epoch?: number; readonly claimHash?: ClaimHash },
  state: State,
  answer: A
): Decision<A> => {
  if (state.rejections.length >= maxRejections) return decided(state, answer)
  const digest = rejectionDigest(claim, command.outcome)
  if (state.rejections.includes(digest)) return decided(state, answer)
  const event: LedgerEvent = {
    type: 'CompletionRejected',
    data: {
      atMs: command.atMs,
      ...claim,
      ...(state._tag === 'Held' ? { currentEpoch: state.record.epoch } : {}),
      outcome: command.outcome
    }
  }
  const current = epochOf(state)
  return current === 1 || claim.epoch === current
    ? decided(apply(state, event), answer, event)
    : needsPast('whole', (past) =>
        past.rejections.has(digest) ? decided(state, answer) : decided(apply(state, event), answer, event)
      )
}

type Written = { readonly claimHash?: ClaimHash; readonly note?: string }

/** The end of the retention that was reserved. The effect has happened: a length beyond the last moment ends with it. */
const reservedEnd = ({ retentionMs }: Held, atMs: Instant): Instant | undefined =>
  retentionMs === undefined ? undefined : (after(atMs, retentionMs) ?? latestInstant)

const write = <A>(
  command: {
    readonly atMs: Instant
    readonly outcome: Outcome
    readonly expiresAtMs?: Instant | undefined
    readonly retentionMs?: Millis | undefined
  },
  state: Held,
  facts: Written,
  answer: (record: Held['record']) => A
): Decision<A> => {
  const restated = command.retentionMs === undefined ? undefined : after(command.atMs, command.retentionMs)
  if (command.retentionMs !== undefined && restated === undefined) {
    return refused(invalidInput('the retention ends beyond the safe integers', '$.retentionMs'))
  }
  const expiresAtMs = restated ?? command.expiresAtMs ?? reservedEnd(state, command.atMs)
  const event: LedgerEvent = {
    type: 'Completed',
    data: {
      atMs: command.atMs,
      epoch: state.record.epoch,
      ...facts,
      outcome: command.outcome,
      ...(expiresAtMs === undefined ? {} : { expiresAtMs })
    }
  }
  return decidedBy(state, event, state.record, answer)
}

const completed = (record: Held['record']): Completed => ({ _tag: 'Completed', record })

/** The decision table of `complete` (SPEC section 5), row by row. */
export const decideComplete = (command: Complete, state: State): Decision<Completed | AlreadyCompleted | ClaimLost> =>
  fenced<Completed | AlreadyCompleted | ClaimLost>(command.holder, state, (standing) => {
    if (standing._tag === 'Over') {
      return reject<ClaimLost>(command, command.holder, state, claimLost(state))
    }
    const { held } = standing
    const { record } = held
    if (record.outcome === undefined) return write(command, held, { claimHash: command.holder.claimHash }, completed)
    return sameOutcome(record.outcome, command.outcome)
      ? decided(state, completed(record))
      : reject(command, command.holder, state, { _tag: 'AlreadyCompleted', record })
  })

/**
 * The unfenced form: the last one wins among unfenced completions, an outcome written under a claim is never
 * replaced. Where that very outcome stands already there is nothing to reject.
 */
export const decideCompleteByKey = (command: CompleteByKey, state: State): Decision<CompletedByKey> => {
  if (epochOf(state) === 0) return decided(state, { _tag: 'CompletedByKey' })
  if (state._tag === 'Vacant') return reject(command, {}, state, { _tag: 'CompletedByKey' })
  const { record } = state
  if (!state.fenced || record.outcome === undefined) {
    return write(command, state, {}, (written) => ({ _tag: 'CompletedByKey', record: written }))
  }
  const answer: CompletedByKey = { _tag: 'CompletedByKey', record }
  return sameOutcome(record.outcome, command.outcome) ? decided(state, answer) : reject(command, {}, state, answer)
}

/** An operator completes what its holder cannot. An outcome that stands already is never replaced. */
export const decideCompleteByOperator = (
  command: CompleteByOperator,
  state: State
): Decision<Completed | AlreadyCompleted | NotHeld> => {
  if (state._tag === 'Vacant') return decided(state, { _tag: 'NotHeld' })
  const { record } = state
  if (record.outcome === undefined) return write(command, state, { note: command.note }, completed)
  return sameOutcome(record.outcome, command.outcome)
    ? decided(state, completed(record))
    : reject<AlreadyCompleted>(command, {}, state, { _tag: 'AlreadyCompleted', record })
}
