import * as t from 'io-ts'
import { ClaimHash } from '../claim.ts'
import { Epoch } from '../epoch.ts'
import { RecordId } from '../identity.ts'
import { Instant, Millis } from '../instant.ts'
import { RecoveryPoints } from '../recovery-points.ts'
import { Tenant } from '../tenant.ts'
import { EndReason } from './expired.ts'

/** The reservation that one follows, and what ended it. */
export const After = t.intersection([t.type({ epoch: Epoch, reason: EndReason }), t.partial({ claimHash: ClaimHash })])
export type After = t.TypeOf<typeof After>

/** The key was free, or was ended by the event before this one, and now has a holder. */
export type ReservedData = {
  readonly atMs: Instant
  readonly recordId: RecordId
  readonly tenant: Tenant
  readonly operation: string
  readonly key: string
  readonly owner: string
  readonly requestFingerprint: string
  readonly firstSeenEventId?: string | undefined
  readonly expiresAtMs?: Instant | undefined
  /** Retention that counts from completion. */
  readonly retentionMs?: Millis | undefined
  readonly leaseExpiresAtMs?: Instant | undefined
  readonly epoch: number
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

export type Reserved = { readonly type: 'Reserved'; readonly data: ReservedData }
