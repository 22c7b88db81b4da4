import * as t from 'io-ts'
import { Total } from './count.ts'
import { Doubt } from './doubt.ts'
import { Epoch } from './epoch.ts'
import { RecordId } from './identity.ts'

import { Instant } from './instant.ts'
import { Outcome } from './outcome.ts'
import { RecoveryPoints } from './recovery-points.ts'
import { stored } from './stored.ts'
import { Tenant } from './tenant.ts'

const Status = t.union([t.literal('reserved'), t.literal('completed'), t.literal('conflicted')])
export type Status = t.TypeOf<typeof Status>

export const isStatus = Status.is

/** How many different conflicting fingerprints a record lists; every conflict is counted. */
export const maxConflictFingerprints = 100

/** What the fold of a key's stream yields and anybody may see. Callers decide by `outcome`, not by `status`. */
export type IdempotencyRecord = {
  readonly recordId: RecordId
  readonly tenant: Tenant
  readonly operation: string
  readonly key: string
  readonly owner: string
  readonly requestFingerprint: string
  readonly status: Status
  readonly firstSeenAtMs: Instant
  readonly lastSeenAtMs: Instant
  readonly firstSeenEventId?: string | undefined
  readonly expiresAtMs?: Instant | undefined
  readonly outcome?: Outcome | undefined
  readonly conflictCount: number
  readonly conflictFingerprints: ReadonlyArray<string>
  readonly duplicateCount: number
  readonly epoch: number
  readonly leaseExpiresAtMs?: Instant | undefined
  /** How far its holder got, and those before it where it took over from them by lease. */
  readonly recoveryPoints?: RecoveryPoints | undefined
  /** Its holder does not know whether its effect happened. Only with a record that has no outcome does it count. */
  readonly inDoubt?: Doubt | undefined
}

/** What events change in a record; the rest stands from its reservation on. */
type Changing = Pick<
  IdempotencyRecord,
  | 'status'
  | 'lastSeenAtMs'
  | 'expiresAtMs'
  | 'outcome'
  | 'conflictCount'
  | 'conflictFingerprints'
  | 'duplicateCount'
  | 'leaseExpiresAtMs'
  | 'recoveryPoints'
  | 'inDoubt'
>

/**
 * A record with what changes in it, written out field by field: every record has the same fields in the same order,
 * absent ones `undefined`. V8 makes such objects many times faster than it copies one by spread, and the fold makes
 * one for each event.
 */
export const remade = (record: IdempotencyRecord, changing: Changing): IdempotencyRecord => ({
  recordId: record.recordId,
  tenant: record.tenant,
  operation: record.operation,
  key: record.key,
  owner: record.owner,
  requestFingerprint: record.requestFingerprint,
  status: changing.status,
  firstSeenAtMs: record.firstSeenAtMs,
  lastSeenAtMs: changing.lastSeenAtMs,
  firstSeenEventId: record.firstSeenEventId,
  expiresAtMs: changing.expiresAtMs,
  outcome: changing.outcome,
  conflictCount: changing.conflictCount,
  conflictFingerprints: changing.conflictFingerprints,
  duplicateCount: changing.duplicateCount,
  epoch: record.epoch,
  leaseExpiresAtMs: changing.leaseExpiresAtMs,
  recoveryPoints: changing.recoveryPoints,
  inDoubt: changing.inDoubt
})

/** Whether a record has members that builds before them leave out when they fold it. */
export const hasNewMembers = ({ recoveryPoints, inDoubt }: IdempotencyRecord): boolean =>
  recoveryPoints !== undefined || inDoubt !== undefined

export const IdempotencyRecord = stored<IdempotencyRecord>(
  t.intersection(
    [
      t.type({
        recordId: RecordId,
        tenant: Tenant,
        operation: t.string,
        key: t.string,
        owner: t.string,
        requestFingerprint: t.string,
        status: Status,
        firstSeenAtMs: Instant,
        lastSeenAtMs: Instant,
        conflictCount: Total,
        conflictFingerprints: t.readonlyArray(t.string),
        duplicateCount: Total,
        epoch: Epoch
      }),
      t.partial({
        firstSeenEventId: t.string,
        expiresAtMs: Instant,
        outcome: Outcome,
        leaseExpiresAtMs: Instant,
        recoveryPoints: RecoveryPoints,
        inDoubt: Doubt
      })
    ],
    'IdempotencyRecord'
  )
)
