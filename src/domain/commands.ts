import type { ClaimHash } from './claim.ts'
import type { RecordId } from './identity.ts'
import type { Instant, Millis } from './instant.ts'
import type { Json } from './json.ts'
import type { Outcome } from './outcome.ts'
import type { Plain } from './plain.ts'
import type { IdempotencyRecord } from './record.ts'
import type { Tenant } from './tenant.ts'

/** How a ledger treats ended retention, lapsed leases and clocks that differ. */
export type Policy = {
  /** Whether a key whose retention is over may be reserved again, or is answered `Gone`. */
  readonly reuseAfterExpiry: 'allow' | 'reject'
  /** Whether a reserve takes a key over whose lease is over, or is answered `Duplicate`. */
  readonly takeover: 'allow' | 'refuse'
  /** How long after its end a lease still counts as running. */
  readonly clockSkewMs: Millis
}

export const defaultPolicy: Policy = { reuseAfterExpiry: 'allow', takeover: 'allow', clockSkewMs: 0 as Millis }

export type Reserve = {
  readonly _tag: 'Reserve'
  readonly atMs: Instant
  readonly recordId: RecordId
  readonly tenant: Tenant
  readonly operation: string
  readonly key: string
  readonly owner: string
  readonly requestFingerprint: string
  readonly firstSeenEventId?: string | undefined
  readonly expiresAtMs?: Instant | undefined
  readonly retentionMs?: Millis | undefined
  readonly lease: Millis | 'none'
  /** The holder's secret, for the answer alone. */
  readonly claimId: string
  readonly claimHash: ClaimHash
  readonly policy: Policy
}

/** The part of a claim that the stream itself does not already name, as the ledger keeps it. */
export type Holder = { readonly epoch: number; readonly claimHash: ClaimHash }

export type Complete = {
  readonly _tag: 'Complete'
  readonly atMs: Instant
  readonly holder: Holder
  readonly outcome: Outcome
  /** Restates the retention: an absolute end, or a length from this completion on. */
  readonly expiresAtMs?: Instant | undefined
  readonly retentionMs?: Millis | undefined
}

export type CompleteByKey = { readonly _tag: 'CompleteByKey'; readonly atMs: Instant; readonly outcome: Outcome }

export type Release = {
  readonly _tag: 'Release'
  readonly atMs: Instant
  readonly holder: Holder
  readonly note?: string
}

export type Renew = { readonly _tag: 'Renew'; readonly atMs: Instant; readonly holder: Holder; readonly lease: Millis }

export type ReachRecoveryPoint = {
  readonly _tag: 'ReachRecoveryPoint'
  readonly atMs: Instant
  readonly holder: Holder
  readonly name: string
  readonly data?: Json | undefined
}

export type MarkInDoubt = {
  readonly _tag: 'MarkInDoubt'
  readonly atMs: Instant
  readonly holder: Holder
  readonly note?: string | undefined
}

export type Expire = { readonly _tag: 'Expire'; readonly atMs: Instant; readonly policy: Policy }

export type ExpireByOperator = { readonly _tag: 'ExpireByOperator'; readonly atMs: Instant; readonly note: string }

export type CompleteByOperator = {
  readonly _tag: 'CompleteByOperator'
  readonly atMs: Instant
  readonly outcome: Outcome
  readonly note: string
}

export type Import = {
  readonly _tag: 'Import'
  readonly atMs: Instant
  readonly record: IdempotencyRecord
  readonly source: string
}

export type Command =
  | Reserve
  | Complete
  | CompleteByKey
  | Release
  | Renew
  | ReachRecoveryPoint
  | MarkInDoubt
  | Expire
  | ExpireByOperator
  | CompleteByOperator
  | Import

/** A command as a caller of the pure core writes it down. */
export type CommandInput = Plain<Command>
