import type { Claim } from '../../domain/claim.ts'
import type { JsonInput } from '../../domain/json.ts'
import type { Plain } from '../../domain/plain.ts'
import type { IdempotencyRecord } from '../../domain/record.ts'

/** Whose key it is, as a caller says it. `source` is `local_implicit` where it is left out. */
export type TenantInput = {
  /** The organisation: text that is not empty. */
  readonly orgId: string
  /** The workspace inside the organisation: text that is not empty. */
  readonly workspaceId: string
  /** The deployment inside the workspace, where keys of deployments are to differ. */
  readonly deploymentId?: string | undefined
  /** Who acts. Kept with the record, and never part of whose key it is. */
  readonly actorId?: string | undefined
  /** Whether the caller named the tenant. `local_implicit` where it is left out. Never part of whose key it is. */
  readonly source?: 'explicit' | 'local_implicit' | undefined
}

/** What names a key: the same three are the same key, and the same record id. */
export type KeyInput = {
  /** Whose key it is. */
  readonly tenant: TenantInput
  /** What the key is used for, `payment.charge` for example. Spaces around it do not count. */
  readonly operation: string
  /** The caller’s idempotency key. Spaces around it do not count. */
  readonly key: string
}

/** A key by its record id, where what it is made of is not at hand. */
export type RecordRef = {
  /** The record id: `idem_` and 64 hexadecimal digits, as records, logs and errors have it. */
  readonly recordId: string
}

/** A key, by what it is made of or by its record id. A record has both, and can be given as it is. */
export type KeyRef = KeyInput | RecordRef

/** What every command may carry beside its own fields. */
export type RequestContext = {
  /** The caller's time, epoch ms; without it the ledger's clock is asked anew at each decision. */
  readonly nowMs?: number | undefined
  /** Who acts: kept in the metadata of the events that the command writes. */
  readonly actor?: string | undefined
  /** What the command belongs to, a trace for example: kept in the metadata of its events. */
  readonly correlationId?: string | undefined
  /** What caused the command, a message’s id for example: kept in the metadata of its events. */
  readonly causationId?: string | undefined
  /** Gives up before the next decision: `Aborted`. What is being written by then is finished. */
  readonly signal?: AbortSignal | undefined
}

/** What `reserve` is asked. */
export type ReserveRequest = KeyInput &
  RequestContext & {
    /** Who asks: a process or a worker, for people who look at the record. It decides nothing. */
    readonly owner: string
    /** What tells this request from another under the same key: `fingerprint` or `jsonFingerprint` of it. */
    readonly requestFingerprint: string
    /** How long, in ms, a crashed holder blocks the key; `'none'` means for ever. There is no default. */
    readonly lease: number | 'none'
    /** Until when the answer is remembered, epoch ms. Not together with `retentionMs`. */
    readonly expiresAtMs?: number | undefined
    /** How long after completion the answer is remembered, ms. */
    readonly retentionMs?: number | undefined
    /** Present it again to retry one's own reserve. A fresh random one is made where it is left out. */
    readonly claimId?: string | undefined
    /** The id of the message or event in which the key came first, where there is one. It is only kept. */
    readonly firstSeenEventId?: string | undefined
  }

/** What came of the work, as a caller says it. Two outcomes are the same where all but `completedAtMs` is. */
export type OutcomeInput = {
  /** What kind of outcome it is, `charged` for example. */
  readonly outcomeKind: string
  /** Epoch ms; the command's own time where it is left out. */
  readonly completedAtMs?: number | undefined
  /** What `primaryRefId` names, `payment` for example. */
  readonly primaryRefKind?: string | undefined
  /** The id of what the work made or changed. */
  readonly primaryRefId?: string | undefined
  /** What `secondaryRefId` names. */
  readonly secondaryRefKind?: string | undefined
  /** The id of something else that belongs to the outcome. */
  readonly secondaryRefId?: string | undefined
  /**
   * Taken as `JSON.stringify` takes it; `null` where it is left out. What would be lost is `InvalidInput`, with its path:
   * `checkOutcome` tells before the effect.
   */
  readonly details?: JsonInput | undefined
}

/** What `complete` is asked. */
export type CompleteRequest = RequestContext & {
  /** The claim that `reserve` gave. */
  readonly claim: Claim
  /** What is stored, and replayed to whoever comes again. */
  readonly outcome: OutcomeInput
  /** Restates the retention by its end, epoch ms. Not together with `retentionMs`. */
  readonly expiresAtMs?: number | undefined
  /** Restates the retention by its length from this completion on, ms. */
  readonly retentionMs?: number | undefined
}

/** What `completeByKey` is asked. */
export type CompleteByKeyRequest = KeyInput &
  RequestContext & {
    /** What is stored in place of an outcome that was not stored under a claim. */
    readonly outcome: OutcomeInput
  }

/** What `release` is asked. */
export type ReleaseRequest = RequestContext & {
  /** The claim that is given back. */
  readonly claim: Claim
  /** Why, for whoever reads the key’s history. */
  readonly note?: string | undefined
}

/** What `renew` is asked. */
export type RenewRequest = RequestContext & {
  /** The claim whose lease is prolonged. */
  readonly claim: Claim
  /** How long the lease runs from now on, ms. Its end never moves back. */
  readonly leaseMs: number
}

/** What `reachRecoveryPoint` is asked. */
export type ReachRecoveryPointRequest = RequestContext & {
  /** The claim under which the work is done. */
  readonly claim: Claim
  /** What was reached, as the work itself calls it; kept as it is. */
  readonly name: string
  /** What whoever takes over needs to know of it, taken as `JSON.stringify` takes it. */
  readonly data?: JsonInput | undefined
}

/** What `markInDoubt` is asked. */
export type MarkInDoubtRequest = RequestContext & {
  /** The claim whose work may or may not have had its effect. */
  readonly claim: Claim
  /** What is in doubt, for whoever finds out. */
  readonly note?: string | undefined
}

/** What `expire` is asked. */
export type ExpireRequest = RequestContext & {
  /** The record whose retention may be over, as `list` and `recordId` give it. */
  readonly recordId: string
}

/** What an operator must say: who, and why. */
export type OperatorRequest = KeyInput &
  RequestContext & {
    /** Who acts. */
    readonly actor: string
    /** Why: text that is not blank. */
    readonly note: string
  }

/** What `completeByOperator` is asked. */
export type CompleteByOperatorRequest = OperatorRequest & {
  /** What came of the work, as the operator found out. */
  readonly outcome: OutcomeInput
}

/** One of the keys that `reserveAll` is asked for. */
export type ReserveAllRequest = Omit<ReserveRequest, 'lease'> & {
  /** How long a crashed holder blocks the key, ms. Where several keys are reserved there is no `'none'`. */
  readonly lease: number
}

/** What `completeAll` is asked. */
export type CompleteAllRequest = Omit<CompleteRequest, 'claim'> & {
  /** The claims that `reserveAll` gave. */
  readonly claims: ReadonlyArray<Claim>
}

/** What `releaseAll` is asked. */
export type ReleaseAllRequest = Omit<ReleaseRequest, 'claim'> & {
  /** The claims that are given back. */
  readonly claims: ReadonlyArray<Claim>
}

/** Whose outcome is waited for, and how long. */
export type AwaitRequest = KeyInput & {
  /** How long to wait at most, ms; the ledger's `deadlineMs` where it is left out. 0 looks once. */
  readonly waitMs?: number | undefined
  /** Ends the wait: with what was seen last, or `Aborted` where nothing was seen yet. */
  readonly signal?: AbortSignal | undefined
}

/** A record as another system had it: `recordId` is the one that its tenant, operation and key give. */
export type RecordInput = Plain<IdempotencyRecord>
