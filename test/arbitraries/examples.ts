import { sha256 } from '../../src/adapters/node/sha256.ts'
import { claimHashOf } from '../../src/domain/claim.ts'
import type * as Commands from '../../src/domain/commands.ts'
import type { EventOfType, EventType } from '../../src/domain/events/ledger-event.ts'
import type { Outcome } from '../../src/domain/outcome.ts'
import type { Plain } from '../../src/domain/plain.ts'
import type { IdempotencyRecord } from '../../src/domain/record.ts'

// One example, which unit tests vary: reserved at 1000 under claim-1, the lease over at 1500, no retention.

export const recordId = `idem_${'0'.repeat(64)}`
export const tenant = { orgId: 'org-a', workspaceId: 'ws-1', source: 'explicit' } as const
export const policy: Plain<Commands.Policy> = { reuseAfterExpiry: 'allow', takeover: 'allow', clockSkewMs: 0 }
export const reject: Plain<Commands.Policy> = { ...policy, reuseAfterExpiry: 'reject' }

const identity = { recordId, tenant, operation: 'op', key: 'key', owner: 'owner-1', requestFingerprint: 'fp-1' }

export const claim = { recordId, epoch: 1, claimId: 'claim-1' }

/** What the ledger keeps of a claim id. */
export const hashOf = claimHashOf(sha256)

/** A claim as commands present it. */
export const holderOf = (epoch: number, claimId: string) => ({ epoch, claimHash: hashOf(claimId) })
export const holder = holderOf(1, 'claim-1')

type Over<T> = Partial<Plain<T>>
type Data<T extends EventType> = Plain<EventOfType<T>['data']>
type Event<T extends EventType> = { readonly type: T; readonly data: Data<T> }

export const outcome = (over: Over<Outcome> = {}): Plain<Outcome> => ({
  outcomeKind: 'done',
  completedAtMs: 1200,
  details: null,
  ...over
})

export const record = (over: Over<IdempotencyRecord> = {}): Plain<IdempotencyRecord> => ({
  ...identity,
  status: 'reserved',
  firstSeenAtMs: 1000,
  lastSeenAtMs: 1000,
  conflictCount: 0,
  conflictFingerprints: [],
  duplicateCount: 0,
  epoch: 1,
  leaseExpiresAtMs: 1500,
  ...over
})

export const reserve = (over: Over<Omit<Commands.Reserve, '_tag'>> = {}): Plain<Commands.Reserve> => ({
  _tag: 'Reserve',
  atMs: 1200,
  ...identity,
  lease: 500,
  claimId: 'claim-2',
  claimHash: hashOf(over.claimId ?? 'claim-2'),
  policy,
  ...over
})

export const complete = (over: Over<Omit<Commands.Complete, '_tag'>> = {}): Plain<Commands.Complete> => ({
  _tag: 'Complete',
  atMs: 1200,
  holder,
  outcome: outcome(),
  ...over
})

export const completeByKey = (
  over: Over<Omit<Commands.CompleteByKey, '_tag'>> = {}
): Plain<Commands.CompleteByKey> => ({
  _tag: 'CompleteByKey',
  atMs: 1200,
  outcome: outcome(),
  ...over
})

export const release = (over: Over<Omit<Commands.Release, '_tag'>> = {}): Plain<Commands.Release> => ({
  _tag: 'Release',
  atMs: 1200,
  holder,
  ...over
})

export const renew = (over: Over<Omit<Commands.Renew, '_tag'>> = {}): Plain<Commands.Renew> => ({
  _tag: 'Renew',
  atMs: 1200,
  holder,
  lease: 500,
  ...over
})

export const reach = (
  over: Over<Omit<Commands.ReachRecoveryPoint, '_tag'>> = {}
): Plain<Commands.ReachRecoveryPoint> => ({
  _tag: 'ReachRecoveryPoint',
  atMs: 1200,
  holder,
  name: 'charged',
  ...over
})

export const mark = (over: Over<Omit<Commands.MarkInDoubt, '_tag'>> = {}): Plain<Commands.MarkInDoubt> => ({
  _tag: 'MarkInDoubt',
  atMs: 1200,
  holder,
  ...over
})

export const expire = (over: Over<Omit<Commands.Expire, '_tag'>> = {}): Plain<Commands.Expire> => ({
  _tag: 'Expire',
  atMs: 1200,
  policy,
  ...over
})

/** What an import brings: the record as another system knew it. */
export const importing = (over: Over<IdempotencyRecord> = {}, atMs = 1200): Plain<Commands.Import> => {
  const { leaseExpiresAtMs: _, ...rest } = record({ epoch: 0 })
  return { _tag: 'Import', atMs, record: { ...rest, ...over }, source: 'file' }
}

export const reserved = (over: Over<Data<'Reserved'>> = {}): Event<'Reserved'> => ({
  type: 'Reserved',
  data: { atMs: 1000, ...identity, epoch: 1, claimHash: hashOf('claim-1'), leaseExpiresAtMs: 1500, ...over }
})

/** Without a lease: what blocks the key until it is completed, released, or its retention is over. */
export const reservedForEver = (over: Over<Data<'Reserved'>> = {}): Event<'Reserved'> => ({
  type: 'Reserved',
  data: { atMs: 1000, ...identity, epoch: 1, claimHash: hashOf('claim-1'), ...over }
})

export const recordForEver = (over: Over<IdempotencyRecord> = {}): Plain<IdempotencyRecord> => {
  const { leaseExpiresAtMs: _, ...rest } = record()
  return { ...rest, ...over }
}

/** As a second reservation follows the first. */
export const reservedAgain = (
  reason: Data<'Expired'>['reason'],
  over: Over<Data<'Reserved'>> = {}
): Event<'Reserved'> =>
  reserved({
    atMs: 1200,
    epoch: 2,
    claimHash: hashOf('claim-2'),
    leaseExpiresAtMs: 1700,
    after: { ...holder, reason },
    ...over
  })

/** The record of a second reservation. */
export const recordAgain = (over: Over<IdempotencyRecord> = {}): Plain<IdempotencyRecord> =>
  record({ firstSeenAtMs: 1200, lastSeenAtMs: 1200, epoch: 2, leaseExpiresAtMs: 1700, ...over })

export const duplicateSeen = (over: Over<Data<'DuplicateSeen'>> = {}): Event<'DuplicateSeen'> => ({
  type: 'DuplicateSeen',
  data: { atMs: 1200, firstAtMs: over.atMs ?? 1200, count: 1, owners: ['owner-1'], ...over }
})

export const conflictRecorded = (over: Over<Data<'ConflictRecorded'>> = {}): Event<'ConflictRecorded'> => ({
  type: 'ConflictRecorded',
  data: { atMs: 1200, firstAtMs: over.atMs ?? 1200, count: 1, owners: ['owner-1'], requestFingerprint: 'fp-2', ...over }
})

/** Under claim-1. */
export const completed = (over: Over<Data<'Completed'>> = {}): Event<'Completed'> => ({
  type: 'Completed',
  data: { atMs: 1200, epoch: 1, claimHash: hashOf('claim-1'), outcome: outcome(), ...over }
})

/** By key or by an operator: under no claim. */
export const completedUnfenced = (over: Over<Data<'Completed'>> = {}): Event<'Completed'> => ({
  type: 'Completed',
  data: { atMs: 1200, epoch: 1, outcome: outcome(), ...over }
})

export const expired = (
  reason: Data<'Expired'>['reason'],
  over: Over<Omit<Data<'Expired'>, 'reason'>> = {}
): Event<'Expired'> => ({ type: 'Expired', data: { atMs: 1200, epoch: 1, reason, ...over } })

export const leaseRenewed = (over: Over<Data<'LeaseRenewed'>> = {}): Event<'LeaseRenewed'> => ({
  type: 'LeaseRenewed',
  data: { atMs: 1200, epoch: 1, claimHash: hashOf('claim-1'), leaseExpiresAtMs: 1700, ...over }
})

export const pointReached = (over: Over<Data<'RecoveryPointReached'>> = {}): Event<'RecoveryPointReached'> => ({
  type: 'RecoveryPointReached',
  data: { atMs: 1200, epoch: 1, claimHash: hashOf('claim-1'), name: 'charged', ...over }
})

export const markedInDoubt = (over: Over<Data<'MarkedInDoubt'>> = {}): Event<'MarkedInDoubt'> => ({
  type: 'MarkedInDoubt',
  data: { atMs: 1200, epoch: 1, claimHash: hashOf('claim-1'), ...over }
})

/** Under no claim. */
export const completionRejected = (over: Over<Data<'CompletionRejected'>> = {}): Event<'CompletionRejected'> => ({
  type: 'CompletionRejected',
  data: { atMs: 1200, outcome: outcome(), ...over }
})

export const imported = (
  over: Over<IdempotencyRecord> = {},
  { atMs = 1200, epoch = 1 }: { readonly atMs?: number; readonly epoch?: number } = {}
): Event<'Imported'> => ({
  type: 'Imported',
  data: { atMs, record: { ...importing(over).record, epoch }, epoch, source: 'file' }
})
