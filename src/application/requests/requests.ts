import type { Claim } from '../../domain/claim.ts'
import type { Json } from '../../domain/json.ts'
import type { Plain } from '../../domain/plain.ts'
import type { IdempotencyRecord } from '../../domain/record.ts'

/** Whose key it is, as a caller says it. `source` is `local_implicit` where it is left out. */
export type TenantInput = {
  readonly orgId: string
  readonly workspaceId: string
  readonly deploymentId?: string | undefined
  readonly actorId?: string | undefined
  readonly source?: 'explicit' | 'local_implicit' | undefined
}

export type KeyInput = { readonly tenant: TenantInput; readonly operation: string; readonly key: string }

/** What every command may carry beside its own fields. */
export type RequestContext = {
  /** The caller's time, epoch ms; without it the ledger's clock is asked anew at each decision. */
  readonly nowMs?: number | undefined
  /** Kept in the metadata of the events that the command writes. */
  readonly actor?: string | undefined
  readonly correlationId?: string | undefined
  readonly causationId?: string | undefined
  /** Gives up before the next decision: `Aborted`. What is being written by then is finished. */
  readonly signal?: AbortSignal | undefined
}

export type ReserveRequest = KeyInput &
  RequestContext & {
    readonly owner: string
    readonly requestFingerprint: string
    /** How long, in ms, a crashed holder blocks the key; `'none'` means for ever. There is no default. */
    readonly lease: number | 'none'
    /** Until when the answer is remembered, epoch ms. Not together with `retentionMs`. */
    readonly expiresAtMs?: number | undefined
    /** How long after completion the answer is remembered, ms. */
    readonly retentionMs?: number | undefined
    /** Present it again to retry one's own reserve. A fresh random one is made where it is left out. */
    readonly claimId?: string | undefined
    readonly firstSeenEventId?: string | undefined
  }

export type OutcomeInput = {
  readonly outcomeKind: string
  /** Epoch ms; the command's own time where it is left out. */
  readonly completedAtMs?: number | undefined
  readonly primaryRefKind?: string | undefined
  readonly primaryRefId?: string | undefined
  readonly secondaryRefKind?: string | undefined
  readonly secondaryRefId?: string | undefined
  /** Any JSON; `null` where it is left out. */
  readonly details?: Json | undefined
}

export type CompleteRequest = RequestContext & {
  readonly claim: Claim
  readonly outcome: OutcomeInput
  /** Restates the retention: an absolute end (epoch ms), or a length from now (ms). */
  readonly expiresAtMs?: number | undefined
  readonly retentionMs?: number | undefined
}

export type CompleteByKeyRequest = KeyInput & RequestContext & { readonly outcome: OutcomeInput }

export type ReleaseRequest = RequestContext & { readonly claim: Claim; readonly note?: string | undefined }

export type RenewRequest = RequestContext & { readonly claim: Claim; readonly leaseMs: number }

export type ReachRecoveryPointRequest = RequestContext & {
  readonly claim: Claim
  /** What was reached, as the work itself calls it; kept as it is. */
  readonly name: string
  /** What whoever takes over needs to know of it: any JSON. */
  readonly data?: Json | undefined
}

export type MarkInDoubtRequest = RequestContext & { readonly claim: Claim; readonly note?: string | undefined }

export type ExpireRequest = RequestContext & { readonly recordId: string }

/** What an operator must say: who, and why. */
export type OperatorRequest = KeyInput & RequestContext & { readonly actor: string; readonly note: string }

export type CompleteByOperatorRequest = OperatorRequest & { readonly outcome: OutcomeInput }

export type ReserveAllRequest = Omit<ReserveRequest, 'lease'> & { readonly lease: number }

export type CompleteAllRequest = Omit<CompleteRequest, 'claim'> & { readonly claims: ReadonlyArray<Claim> }

export type ReleaseAllRequest = Omit<ReleaseRequest, 'claim'> & { readonly claims: ReadonlyArray<Claim> }

/** A record as another system had it: `recordId` is the one that its tenant, operation and key give. */
export type RecordInput = Plain<IdempotencyRecord>
