import { isPlain } from '../../domain/json-walk.ts'
import { type NamesOf, noMisspelt, noOthers } from '../../domain/parsing/known-members.ts'
import { both, keeping } from '../../domain/parsing/parsed.ts'
import { isMembers } from '../../domain/parsing/values.ts'
import type {
  AwaitRequest,
  CompleteAllRequest,
  CompleteByKeyRequest,
  CompleteByOperatorRequest,
  CompleteRequest,
  ExpireRequest,
  KeyInput,
  MarkInDoubtRequest,
  OperatorRequest,
  OutcomeInput,
  ReachRecoveryPointRequest,
  RecordRef,
  ReleaseAllRequest,
  ReleaseRequest,
  RenewRequest,
  RequestContext,
  ReserveRequest,
  TenantInput
} from './requests.ts'

/** What each request has. Other members are left alone, but for those that are next to one of these. */

const key: NamesOf<KeyInput> = { tenant: true, operation: true, key: true }

const context: NamesOf<RequestContext> = {
  nowMs: true,
  actor: true,
  correlationId: true,
  causationId: true,
  signal: true
}

const operator: NamesOf<OperatorRequest> = { ...key, ...context, note: true }

const retention = { expiresAtMs: true, retentionMs: true } as const

/** What a reserve has, and an explanation of one beside its moment. */
export const reserveNames: NamesOf<ReserveRequest> = {
  ...key,
  ...context,
  ...retention,
  owner: true,
  requestFingerprint: true,
  lease: true,
  claimId: true,
  firstSeenEventId: true
}

/** A key by what names it. */
export const keyNames = key

/** A key, however it is given. */
export const keyRefNames: NamesOf<KeyInput & RecordRef> = { ...key, recordId: true }

export const tenantMembers = noMisspelt<TenantInput>({
  orgId: true,
  workspaceId: true,
  deploymentId: true,
  actorId: true,
  source: true
})

const outcome: NamesOf<OutcomeInput> = {
  outcomeKind: true,
  completedAtMs: true,
  primaryRefKind: true,
  primaryRefId: true,
  secondaryRefKind: true,
  secondaryRefId: true,
  details: true
}

export const outcomeMembers = noMisspelt<OutcomeInput>(outcome)

const isOutcome = (value: unknown): boolean =>
  isMembers(value) && !Array.isArray(value) && (isPlain(value) || Object.keys(outcome).some((name) => name in value))

/**
 * Of an outcome that is only checked: details that are given bare would be looked over, and whatever they hold would pass,
 * a `Map` or a class as much as what has members.
 */
export const checkedMembers = both(
  keeping(isOutcome, 'must be an outcome, with what is to be stored under details'),
  noOthers<OutcomeInput>(outcome)
)

export const keyRefMembers = noMisspelt<KeyInput & RecordRef>(keyRefNames)

export const reserveMembers = noMisspelt<ReserveRequest>(reserveNames)

export const completeMembers = noMisspelt<CompleteRequest>({ ...context, ...retention, claim: true, outcome: true })

export const completeAllMembers = noMisspelt<CompleteAllRequest>({
  ...context,
  ...retention,
  claims: true,
  outcome: true
})

export const completeByKeyMembers = noMisspelt<CompleteByKeyRequest>({ ...key, ...context, outcome: true })

export const completeByOperatorMembers = noMisspelt<CompleteByOperatorRequest>({ ...operator, outcome: true })

export const operatorMembers = noMisspelt<OperatorRequest>(operator)

export const releaseMembers = noMisspelt<ReleaseRequest>({ ...context, claim: true, note: true })

export const releaseAllMembers = noMisspelt<ReleaseAllRequest>({ ...context, claims: true, note: true })

export const renewMembers = noMisspelt<RenewRequest>({ ...context, claim: true, leaseMs: true })

export const pointMembers = noMisspelt<ReachRecoveryPointRequest>({ ...context, claim: true, name: true, data: true })

export const doubtMembers = noMisspelt<MarkInDoubtRequest>({ ...context, claim: true, note: true })

export const expireMembers = noMisspelt<ExpireRequest>({ ...context, recordId: true })

export const awaitMembers = noMisspelt<AwaitRequest>({ ...key, waitMs: true, signal: true })
