import { absurd } from 'fp-ts/function'
import type { ClaimHash } from '../../claim.ts'
import type { Command, Holder, Reserve } from '../../commands.ts'
import { isTakeover } from '../../decide/reserve.ts'
import { isInDoubt } from '../../due.ts'
import type { EventOfType, LedgerEvent } from '../../events/ledger-event.ts'
import type { Instant, Millis } from '../../instant.ts'
import type { Outcome } from '../../outcome.ts'
import type { IdempotencyRecord } from '../../record.ts'
import type { State } from '../../state.ts'
import type { Asked, OtherPolicy, Said } from './difference.ts'

/** A request that a history tells of, as it would be decided under the other policy. */
export type PastRequest = {
  /** How it is called; none of the expiry by time, which nobody asks for who waits for an answer. */
  readonly asked?: Asked
  readonly atMs: Instant
  readonly count: number
  readonly owners: ReadonlyArray<string>
  readonly was: Said
  /** The epoch of the claim under which it was made. */
  readonly under?: number
  /** The command, under the epoch that this claim would have had. */
  readonly command: (epoch: number) => Command | undefined
}

type Length = Pick<Reserve, 'lease' | 'expiresAtMs' | 'retentionMs'>

/** The lengths that a reserve asked for, but for those that are to be others. */
const lengths = (other: OtherPolicy, { lease, expiresAtMs, retentionMs }: Length): Length => ({
  lease: other.lease ?? lease,
  ...(other.retentionMs === undefined ? { expiresAtMs, retentionMs } : { retentionMs: other.retentionMs })
})

/** How long a lease was, which never ends before it begins. */
const lengthOf = (atMs: number, endMs: number): Millis => Math.max(0, endMs - atMs) as Millis

export const askedBy = ({ data }: EventOfType<'Reserved'>): Length => ({
  lease: data.leaseExpiresAtMs === undefined ? 'none' : lengthOf(data.atMs, data.leaseExpiresAtMs),
  expiresAtMs: data.expiresAtMs,
  retentionMs: data.retentionMs
})

const one = { count: 1, owners: [] }

const reserved = (event: EventOfType<'Reserved'>, before: State, other: OtherPolicy): PastRequest => {
  const { data } = event
  const { after: _, epoch: __, recoveryPoints: ___, leaseExpiresAtMs: ____, ...asked } = data
  const ended = before._tag === 'Vacant' ? before.ended : undefined
  return {
    asked: 'reserve',
    atMs: data.atMs,
    count: 1,
    owners: [data.owner],
    was: ended !== undefined && isTakeover(ended) ? 'takenOver' : 'reserved',
    command: () => ({
      ...asked,
      _tag: 'Reserve',
      ...lengths(other, askedBy(event)),
      // nobody presents a claim id here; the hash tells the claims apart
      claimId: data.claimHash,
      policy: other.policy
    })
  }
}

const wasSeen = (record: IdempotencyRecord): Said => {
  if (isInDoubt(record)) return 'inDoubt'
  return record.outcome === undefined ? 'inFlight' : 'replay'
}

/** What sightings are replayed with beside their own: whose key it is, and what its holder asked for. */
export type SeenBy = {
  readonly record: IdempotencyRecord
  readonly length: Length
  readonly nextClaim: () => ClaimHash
}

/** Sightings that were merged: the first, those between, and the last. */
const sightings = (
  { type, data }: EventOfType<'DuplicateSeen' | 'ConflictRecorded'>,
  { record, length, nextClaim }: SeenBy,
  other: OtherPolicy
): ReadonlyArray<PastRequest> => {
  const { recordId, tenant, operation, key } = record
  const requestFingerprint = type === 'DuplicateSeen' ? record.requestFingerprint : data.requestFingerprint
  const was = type === 'DuplicateSeen' ? wasSeen(record) : 'conflict'
  const seen = (count: number, atMs: Instant, owners: ReadonlyArray<string>): PastRequest => ({
    asked: 'reserve',
    atMs,
    count,
    owners,
    was,
    command: () => {
      const claimHash = nextClaim()
      return {
        _tag: 'Reserve',
        atMs,
        recordId,
        tenant,
        operation,
        key,
        owner: owners[0] ?? record.owner,
        requestFingerprint,
        ...lengths(other, length),
        claimId: claimHash,
        claimHash,
        policy: other.policy
      }
    }
  })
  const { count, atMs, firstAtMs, owners } = data
  if (count === 1) return [seen(1, atMs, owners)]
  const first = seen(1, firstAtMs, owners.slice(0, 1))
  return count === 2
    ? [first, seen(1, atMs, owners.slice(-1))]
    : [first, seen(1, atMs, owners), seen(count - 2, atMs, owners)]
}

type Under = { readonly atMs: Instant; readonly epoch: number; readonly claimHash: ClaimHash }

const holders = (
  asked: Asked,
  { atMs, epoch: under, claimHash }: Under,
  was: Said,
  command: (holder: Holder) => Command | undefined
): PastRequest => ({ asked, atMs, ...one, was, under, command: (epoch) => command({ epoch, claimHash }) })

const others = (asked: Asked, was: Said, command: Command): PastRequest => ({
  asked,
  atMs: command.atMs,
  ...one,
  was,
  command: () => command
})

const completed = ({ data }: EventOfType<'Completed'>, other: OtherPolicy): PastRequest => {
  const { atMs, epoch, outcome, claimHash, note, expiresAtMs } = data
  if (claimHash === undefined) {
    return note === undefined
      ? others('completeByKey', 'completed', { _tag: 'CompleteByKey', atMs, outcome })
      : others('completeByOperator', 'completed', { _tag: 'CompleteByOperator', atMs, outcome, note })
  }
  const until = other.retentionMs === undefined ? { expiresAtMs } : {}
  return holders('complete', { atMs, epoch, claimHash }, 'completed', (holder) => ({
    _tag: 'Complete',
    atMs,
    holder,
    outcome,
    ...until
  }))
}

/** Without a claim it was by key, or by an operator: who alone is refused where an outcome stands that was unfenced. */
const rejectedUnfenced = (atMs: Instant, outcome: Outcome, before: State): PastRequest =>
  before._tag === 'Held' && !before.fenced
    ? others('completeByOperator', 'alreadyCompleted', { _tag: 'CompleteByOperator', atMs, outcome, note: '' })
    : others('completeByKey', 'notCounted', { _tag: 'CompleteByKey', atMs, outcome })

const rejected = ({ data }: EventOfType<'CompletionRejected'>, before: State): PastRequest => {
  const { atMs, outcome, claimHash, epoch } = data
  if (claimHash === undefined || epoch === undefined) return rejectedUnfenced(atMs, outcome, before)
  const stands = before._tag === 'Held' && before.record.epoch === epoch && before.record.outcome !== undefined
  const was = stands ? 'alreadyCompleted' : 'claimLost'
  return holders('complete', { atMs, epoch, claimHash }, was, (holder) => ({ _tag: 'Complete', atMs, holder, outcome }))
}

const expired = (
  { data }: EventOfType<'Expired'>,
  before: State,
  { policy }: OtherPolicy
): ReadonlyArray<PastRequest> => {
  const { atMs, epoch, reason, note } = data
  switch (reason) {
    case 'lease':
      // the takeover itself tells of it
      return []
    case 'retention':
      return [{ atMs, ...one, was: 'expired', command: () => ({ _tag: 'Expire', atMs, policy }) }]
    case 'operator':
      return [others('expireByOperator', 'expired', { _tag: 'ExpireByOperator', atMs, note: note ?? '' })]
    case 'released':
      return before.claimHash === undefined
        ? []
        : [
            holders('release', { atMs, epoch, claimHash: before.claimHash }, 'released', (holder) => ({
              _tag: 'Release',
              atMs,
              holder
            }))
          ]
  }
}

const renewed = ({ data }: EventOfType<'LeaseRenewed'>, other: OtherPolicy): PastRequest => {
  const { atMs, leaseExpiresAtMs } = data
  const lease = other.lease ?? lengthOf(atMs, leaseExpiresAtMs)
  // without a lease there is none to prolong
  return holders('renew', data, 'renewed', (holder) =>
    lease === 'none' ? undefined : { _tag: 'Renew', atMs, holder, lease }
  )
}

/** The requests that an event tells of, oldest first. `before` is the state that it met. */
export const requestsIn = (
  event: LedgerEvent,
  before: State,
  other: OtherPolicy,
  seenBy: Omit<SeenBy, 'record'>
): ReadonlyArray<PastRequest> => {
  switch (event.type) {
    case 'Reserved':
      return [reserved(event, before, other)]
    case 'DuplicateSeen':
    case 'ConflictRecorded':
      return before._tag === 'Held' ? sightings(event, { ...seenBy, record: before.record }, other) : []
    case 'Completed':
      return [completed(event, other)]
    case 'CompletionRejected':
      return [rejected(event, before)]
    case 'Expired':
      return expired(event, before, other)
    case 'LeaseRenewed':
      return [renewed(event, other)]
    case 'RecoveryPointReached': {
      const { atMs, name, data } = event.data
      return [
        holders('reachRecoveryPoint', event.data, 'reached', (holder) => ({
          _tag: 'ReachRecoveryPoint',
          atMs,
          holder,
          name,
          data
        }))
      ]
    }
    case 'MarkedInDoubt': {
      const { atMs } = event.data
      return [holders('markInDoubt', event.data, 'marked', (holder) => ({ _tag: 'MarkInDoubt', atMs, holder }))]
    }
    case 'Imported': {
      const { atMs, record, source } = event.data
      return [others('importRecords', 'imported', { _tag: 'Import', atMs, record, source })]
    }
    default:
      return absurd(event)
  }
}
