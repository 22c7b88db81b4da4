import { amended, type Failure } from '../../../domain/failure.ts'

/** A name of the ledger's as the command line's JSON writes it. */
export const snakeCase = (name: string): string => name.replace(/(?<!^)[A-Z]/g, (letter) => `_${letter}`).toLowerCase()

/** The ledger's own names of fields, and the names that the command line's JSON has for them. */
const names: ReadonlyArray<readonly [RegExp, string]> = [
  [/^\$\.requestFingerprint$/, '$.request_fingerprint'],
  [/^\$\.fingerprint$/, '$.request_fingerprint'],
  [/^\$\.firstSeenEventId$/, '$.first_seen_event_id'],
  [/^\$\.lease(?:Ms)?$/, '$.lease_ms'],
  [/^\$\.nowMs$/, '$.now_ms'],
  [/^\$\.seenFromMs$/, '$.seen_from_ms'],
  [/^\$\.stuckAtMs$/, '$.stuck_at_ms'],
  [/^\$\.orgId$/, '$.org_id'],
  [/^\$\.workspaceId$/, '$.workspace_id'],
  [/^\$\.expiresAtMs$/, '$.expires_at_ms'],
  [/^\$\.retentionMs$/, '$.retention_ms'],
  [/^\$\.claimId$/, '$.claim_id'],
  [/^\$\.recordId$/, '$.record_id'],
  [/^\$\.tenant\.orgId$/, '$.tenant.org_id'],
  [/^\$\.tenant\.workspaceId$/, '$.tenant.workspace_id'],
  [/^\$\.tenant\.deploymentId$/, '$.tenant.deployment_id'],
  [/^\$\.tenant\.actorId$/, '$.tenant.actor_id'],
  [/^\$\.claim\.recordId$/, '$.claim.record_id'],
  [/^\$\.claim\.claimId$/, '$.claim.claim_id'],
  [/^\$\.outcome\.outcomeKind$/, '$.outcome.outcome_kind'],
  [/^\$\.outcome\.completedAtMs$/, '$.outcome.completed_at_ms'],
  [/^\$\.(?:identity|options)\.secret$/, 'KEYFOLD_IDENTITY_SECRET'],
  [/^\$\.at\.timeMs$/, '--at'],
  [/^\$\.at\.revision$/, '--revision'],
  [/^\$\.(from|to)\.revision$/, '--$1-revision'],
  [/^\$\.(from|to)(?:\.timeMs)?$/, '--$1'],
  [/^\$\.(after|parallel|partitions|views)$/, '--$1'],
  [/^\$\.batchSize$/, '--batch'],
  [/^\$\.maxKeys$/, '--max-keys'],
  [/^\$\.bucketMs$/, '--every'],
  [/^\$\.outcome\.(primary|secondary)RefKind$/, '$.outcome.$1_ref_kind'],
  [/^\$\.outcome\.(primary|secondary)RefId$/, '$.outcome.$1_ref_id']
]

/** A JSON path with the ledger's field names, with those of the command line's JSON. Paths inside `details` stay. */
export const snakePath = (path: string): string => {
  const [form, name] = names.find(([candidate]) => candidate.test(path)) ?? []
  return form === undefined || name === undefined ? path : path.replace(form, name)
}

const callers = Symbol('in names of the caller')

/** A failure that speaks of the caller's own JSON, whose names stay: the mark goes along where it is spread or amended. */
export const ofCallersJson = (failure: Failure): Failure => Object.assign(amended(failure, {}), { [callers]: true })

/** A failure that names its fields as the caller wrote them. */
export const inSnakeCase = (failure: Failure): Failure => {
  if (callers in failure) return failure
  const message = failure.message.replace(/\$(?:\.\w+)+/g, snakePath)
  return amended(failure, failure.path === undefined ? { message } : { message, path: snakePath(failure.path) })
}
