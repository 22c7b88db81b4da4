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

/** Reuse after retention and takeover after a lease are allowed, and clocks are taken to agree. */
export const defaultPolicy: Policy = { reuseAfterExpiry: 'allow', takeover: 'allow', clockSkewMs: 0 as Millis }

/** Claims a key that is free, or asks what came of the request under it. */
export type Reserve = {
  readonly _tag: 'Reserve'
  /** When the command comes, epoch ms. */
  readonly atMs: Instant
  /** The name of the key in streams, logs and errors. */
  readonly recordId: RecordId
  /** Whose key it is. */
  readonly tenant: Tenant
  /** What the key is used for. */
  readonly operation: string
  /** The caller’s idempotency key. */
  readonly key: string
  /** Who asks. */
  readonly owner: string
  /** What tells this request from another under the same key. */
  readonly requestFingerprint: string
  /** The id of the message or event in which the key came first, where one is named. */
  readonly firstSeenEventId?: string | undefined
  /** Until when the answer is remembered, epoch ms. */
  readonly expiresAtMs?: Instant | undefined
  /** How long after completion the answer is remembered, ms. */
  readonly retentionMs?: Millis | undefined
  /** How long a crashed holder blocks the key, ms; for ever with `'none'`. */
  readonly lease: Millis | 'none'
  /** The holder's secret, for the answer alone. */
  readonly claimId: string
  /** The SHA-256 of the claim id, which is what is stored. */
  readonly claimHash: ClaimHash
  /** Under which it is judged what is over. */
  readonly policy: Policy
}

/** The part of a claim that the stream itself does not already name, as the ledger keeps it. */
export type Holder = {
  /** Which reservation of the key it is, from 1. */
  readonly epoch: number
  /** The SHA-256 of its claim id. */
  readonly claimHash: ClaimHash
}

/** Stores what came of the work. */
export type Complete = {
  readonly _tag: 'Complete'
  /** When the command comes, epoch ms. */
  readonly atMs: Instant
  /** The claim under which it comes. */
  readonly holder: Holder
  /** What came of the work. */
  readonly outcome: Outcome
  /** Restates the retention by its end, epoch ms. */
  readonly expiresAtMs?: Instant | undefined
  /** Restates the retention by its length from this completion on, ms. */
  readonly retentionMs?: Millis | undefined
}

/** Stores what came of the work without asking for a claim. */
export type CompleteByKey = {
  readonly _tag: 'CompleteByKey'
  /** When the command comes, epoch ms. */
  readonly atMs: Instant
  /** What came of the work. */
  readonly outcome: Outcome
}

/** Gives a claim back. */
export type Release = {
  readonly _tag: 'Release'
  /** When the command comes, epoch ms. */
  readonly atMs: Instant
  /** The claim under which it comes. */
  readonly holder: Holder
  /** Why. */
  readonly note?: string
}

/** Prolongs a lease. */
export type Renew = {
  readonly _tag: 'Renew'
  /** When the command comes, epoch ms. */
  readonly atMs: Instant
  /** The claim under which it comes. */
  readonly holder: Holder
  /** How long it runs from now on, ms. */
  readonly lease: Millis
}

/** Says how far the work is. */
export type ReachRecoveryPoint = {
  readonly _tag: 'ReachRecoveryPoint'
  /** When the command comes, epoch ms. */
  readonly atMs: Instant
  /** The claim under which it comes. */
  readonly holder: Holder
  /** What was reached, as the work calls it. */
  readonly name: string
  /** What whoever takes over needs to know of it. */
  readonly data?: Json | undefined
}

/** Says that nobody knows whether the work had its effect. */
export type MarkInDoubt = {
  readonly _tag: 'MarkInDoubt'
  /** When the command comes, epoch ms. */
  readonly atMs: Instant
  /** The claim under which it comes. */
  readonly holder: Holder
  /** What is in doubt. */
  readonly note?: string | undefined
}

/** Ends a record whose retention is over. */
export type Expire = {
  readonly _tag: 'Expire'
  /** When the command comes, epoch ms. */
  readonly atMs: Instant
  /** Under which it is judged whether the retention is over. */
  readonly policy: Policy
}

/** Ends a reservation in an operator’s name. */
export type ExpireByOperator = {
  readonly _tag: 'ExpireByOperator'
  /** When the command comes, epoch ms. */
  readonly atMs: Instant
  /** Why. */
  readonly note: string
}

/** Completes a reservation in an operator’s name. */
export type CompleteByOperator = {
  readonly _tag: 'CompleteByOperator'
  /** When the command comes, epoch ms. */
  readonly atMs: Instant
  /** What came of the work, as the operator found out. */
  readonly outcome: Outcome
  /** Why. */
  readonly note: string
}

/** Brings a record of another system in. */
export type Import = {
  readonly _tag: 'Import'
  /** When the command comes, epoch ms. */
  readonly atMs: Instant
  /** The record as it was there. */
  readonly record: IdempotencyRecord
  /** Where it comes from. */
  readonly source: string
}

/** What a key’s stream can be asked; the caller fixes the time. */
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
