import type { JsonObject } from '../../domain/json.ts'
import type { Outcome } from '../../domain/outcome.ts'
import { ifAny } from '../../domain/parsing/file-shape.ts'
import type { IdempotencyRecord } from '../../domain/record.ts'
import type { Tenant } from '../../domain/tenant.ts'

/** The schema version of the file, and of each record in it. */
export const fileVersion = 1

/** A tenant in the file's shape. */
const tenantToFile = (tenant: Tenant): JsonObject => ({
  org_id: tenant.orgId,
  workspace_id: tenant.workspaceId,
  ...ifAny('deployment_id', tenant.deploymentId),
  ...ifAny('actor_id', tenant.actorId),
  source: tenant.source
})

/** An outcome in the file's shape. */
const outcomeToFile = (outcome: Outcome): JsonObject => ({
  outcome_kind: outcome.outcomeKind,
  completed_at_ms: outcome.completedAtMs,
  ...ifAny('primary_ref_kind', outcome.primaryRefKind),
  ...ifAny('primary_ref_id', outcome.primaryRefId),
  ...ifAny('secondary_ref_kind', outcome.secondaryRefKind),
  ...ifAny('secondary_ref_id', outcome.secondaryRefId),
  details: outcome.details
})

/** A record in the file's shape; what the predecessor did not know is left out. */
export const toFileRecord = (record: IdempotencyRecord): JsonObject => ({
  schema_version: fileVersion,
  record_id: record.recordId,
  tenant_context: tenantToFile(record.tenant),
  operation: record.operation,
  key: record.key,
  owner: record.owner,
  request_fingerprint: record.requestFingerprint,
  status: record.status,
  first_seen_at_ms: record.firstSeenAtMs,
  last_seen_at_ms: record.lastSeenAtMs,
  ...ifAny('first_seen_event_id', record.firstSeenEventId),
  ...ifAny('expires_at_ms', record.expiresAtMs),
  ...ifAny('outcome', record.outcome === undefined ? undefined : outcomeToFile(record.outcome)),
  conflict_count: record.conflictCount,
  ...(record.conflictFingerprints.length === 0 ? {} : { conflict_fingerprints: record.conflictFingerprints })
})
