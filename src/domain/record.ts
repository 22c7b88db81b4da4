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
/** What a record tells at a glance: `conflicted` once another request came under its key, completed or not. */
export type Status = t.TypeOf<typeof Status>

/** How many different conflicting fingerprints a record lists; every conflict is counted. */
export const maxConflictFingerprints = 100

/** What the fold of a key's stream yields and anybody may see. Callers decide by `outcome`, not by `status`. */
export type IdempotencyRecord = {
  /** The name of the key in streams, logs and errors. */
  readonly recordId: RecordId
  /** Whose key it is. */
  readonly tenant: Tenant
  /** What the key is used for. */
  readonly operation: string
  /** The caller’s idempotency key. */
  readonly key: string
  /** Who holds it, or held it when it was completed. */
  readonly owner: string
  /** What tells its request from another under the same key. */
  readonly requestFingerprint: string
  /** What it tells at a glance. */
  readonly status: Status
  /** When it was reserved, epoch ms. */
  readonly firstSeenAtMs: Instant
  /** When a request came under the key last, or its outcome did, epoch ms. */
  readonly lastSeenAtMs: Instant
  /** The id of the message or event in which the key came first, where one was named. */
  readonly firstSeenEventId?: string | undefined
  /** Until when it is remembered, epoch ms; absent where nothing says so yet. */
  readonly expiresAtMs?: Instant | undefined
  /** What came of the work; absent while it is in flight. */
  readonly outcome?: Outcome | undefined
  /** How often another request came under the key. */
  readonly conflictCount: number
  /** The different fingerprints of these: 100 are listed at most. */
  readonly conflictFingerprints: ReadonlyArray<string>
  /** How often the same request came again. */
  readonly duplicateCount: number
  /** Which reservation of the key it is, from 1. */
  readonly epoch: number
  /** When the lease ends, epoch ms; absent where it never does. */
  readonly leaseExpiresAtMs?: Instant | undefined
  /** How far its holder got, and those before it where it took over from them by lease. */
  readonly recoveryPoints?: RecoveryPoints | undefined
  /** Its holder does not know whether its effect happened. Only with a record that has no outcome does it count. */
  readonly inDoubt?: Doubt | undefined
}

/** No other request came under the key yet. One list for all records: it is nobody's to change. */
export const noFingerprints: ReadonlyArray<string> = Object.freeze([])

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
