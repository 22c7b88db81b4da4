import * as t from 'io-ts'
import { ClaimHash } from '../claim.ts'
import { Epoch } from '../epoch.ts'
import { RecordId } from '../identity.ts'
import { Instant, Millis } from '../instant.ts'
import { RecoveryPoints } from '../recovery-points.ts'
import { Tenant } from '../tenant.ts'
import { EndReason } from './expired.ts'

/** The reservation that one follows, and what ended it. */
export type After = {
  /** Which reservation it was. */
  readonly epoch: number
  /** Why it ended. */
  readonly reason: EndReason
  /** The SHA-256 of its claim id; absent where it was imported. */
  readonly claimHash?: ClaimHash
}

export const After = t.intersection([t.type({ epoch: Epoch, reason: EndReason }), t.partial({ claimHash: ClaimHash })])

/** The key was free, or was ended by the event before this one, and now has a holder. */
export type ReservedData = {
  /** When it was decided, epoch ms. */
  readonly atMs: Instant
  /** The name of the key in streams, logs and errors. */
  readonly recordId: RecordId
  /** Whose key it is. */
  readonly tenant: Tenant
  /** What the key is used for. */
  readonly operation: string
  /** The caller’s idempotency key. */
  readonly key: string
  /** Who reserved it. */
  readonly owner: string
  /** What tells this request from another under the same key. */
  readonly requestFingerprint: string
  /** The id of the message or event in which the key came first, where one was named. */
  readonly firstSeenEventId?: string | undefined
  /** Until when the answer is remembered, epoch ms; for ever where neither this nor `retentionMs` is there. */
  readonly expiresAtMs?: Instant | undefined
  /** Retention that counts from completion. */
  readonly retentionMs?: Millis | undefined
  /** When the lease ends, epoch ms; absent where it never does. */
  readonly leaseExpiresAtMs?: Instant | undefined
  /** Which reservation of the key it is, from 1. */
  readonly epoch: number
  /** The SHA-256 of the holder’s claim id. */
  readonly claimHash: ClaimHash
  /** What ended the reservation that this one follows; it is what makes a takeover repeatable. */
  readonly after?: After | undefined
  /** What the holder before had reached, after a takeover by lease: it stands here so that reading stays flat. */
  readonly recoveryPoints?: RecoveryPoints | undefined
}

/** Wire format. */
export const ReservedData = t.intersection([
  t.type({
    atMs: Instant,
    recordId: RecordId,
    tenant: Tenant,
    operation: t.string,
    key: t.string,
    owner: t.string,
    requestFingerprint: t.string,
    epoch: Epoch,
    claimHash: ClaimHash
  }),
  t.partial({
    firstSeenEventId: t.string,
    expiresAtMs: Instant,
    retentionMs: Millis,
    leaseExpiresAtMs: Instant,
    after: After,
    recoveryPoints: RecoveryPoints
  })
])

/** The event `Reserved`. */
export type Reserved = {
  readonly type: 'Reserved'
  /** What it tells. */
  readonly data: ReservedData
}
