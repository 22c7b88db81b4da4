import type { IdempotencyRecord } from '../../../domain/record.ts'
import type { CliDeps, CsvCell } from '../deps.ts'
import { recordJson } from '../shape/json.ts'
import { jsonText } from '../terminal/json-text.ts'

const columns = [
  'record_id',
  'org_id',
  'workspace_id',
  'deployment_id',
  'actor_id',
  'source',
  'operation',
  'key',
  'owner',
  'request_fingerprint',
  'status',
  'first_seen_at_ms',
  'last_seen_at_ms',
  'first_seen_event_id',
  'expires_at_ms',
  'lease_expires_at_ms',
  'epoch',
  'duplicate_count',
  'conflict_count',
  'conflict_fingerprints',
  'outcome_kind',
  'completed_at_ms',
  'primary_ref_kind',
  'primary_ref_id',
  'secondary_ref_kind',
  'secondary_ref_id',
  'details',
  'recovery_points',
  'in_doubt_since_ms',
  'in_doubt_note'
] as const

const outcomeCells = ({ outcome }: IdempotencyRecord) =>
  outcome && {
    outcome_kind: outcome.outcomeKind,
    completed_at_ms: outcome.completedAtMs,
    primary_ref_kind: outcome.primaryRefKind,
    primary_ref_id: outcome.primaryRefId,
    secondary_ref_kind: outcome.secondaryRefKind,
    secondary_ref_id: outcome.secondaryRefId,
    details: jsonText(outcome.details)
  }

const rowOf = (record: IdempotencyRecord): ReadonlyArray<CsvCell> => {
  const { tenant, recoveryPoints, inDoubt } = record
  const cells: { readonly [column in (typeof columns)[number]]?: CsvCell } = {
    record_id: record.recordId,
    org_id: tenant.orgId,
    workspace_id: tenant.workspaceId,
    deployment_id: tenant.deploymentId,
    actor_id: tenant.actorId,
    source: tenant.source,
    operation: record.operation,
    key: record.key,
    owner: record.owner,
    request_fingerprint: record.requestFingerprint,
    status: record.status,
    first_seen_at_ms: record.firstSeenAtMs,
    last_seen_at_ms: record.lastSeenAtMs,
    first_seen_event_id: record.firstSeenEventId,
    expires_at_ms: record.expiresAtMs,
    lease_expires_at_ms: record.leaseExpiresAtMs,
    epoch: record.epoch,
    duplicate_count: record.duplicateCount,
    conflict_count: record.conflictCount,
    conflict_fingerprints: jsonText(record.conflictFingerprints),
    ...outcomeCells(record),
    recovery_points: recoveryPoints && jsonText(recoveryPoints),
    in_doubt_since_ms: inDoubt?.sinceMs,
    in_doubt_note: inDoubt?.note
  }
  return columns.map((column) => cells[column])
}

/** How records are written: an object a line as `list --json` has it, or a row a line. */
export const recordTable = (toFileRecord: CliDeps['toFileRecord']) => ({
  columns,
  row: rowOf,
  json: recordJson(toFileRecord)
})
