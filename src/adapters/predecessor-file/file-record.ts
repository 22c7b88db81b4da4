import type { RecordId, Sha256 } from '../../domain/identity.ts'
import { recordIdOf } from '../../domain/identity.ts'
import type { Json } from '../../domain/json.ts'
import type { Outcome } from '../../domain/outcome.ts'
import type { IdempotencyRecord } from '../../domain/record.ts'
import type { Tenant } from '../../domain/tenant.ts'
import { trimWhiteSpace } from '../../domain/text.ts'
import { defaulted, FieldFault, type Fields, fieldsOf, oneOf, optional, text, texts, time, whole } from './fields.ts'

/** The schema version of the file, and of each record in it. */
export const fileVersion = 1

const absent = <A extends object>(fields: A): A =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as A

/** A tenant in the file's shape. */
export const tenantToFile = (tenant: Tenant): { readonly [name: string]: Json } =>
  absent({
    org_id: tenant.orgId,
    workspace_id: tenant.workspaceId,
    deployment_id: tenant.deploymentId,
    actor_id: tenant.actorId,
    source: tenant.source
  }) as { readonly [name: string]: Json }

export const outcomeToFile = (outcome: Outcome): { readonly [name: string]: Json } =>
  absent({
    outcome_kind: outcome.outcomeKind,
    completed_at_ms: outcome.completedAtMs,
    primary_ref_kind: outcome.primaryRefKind,
    primary_ref_id: outcome.primaryRefId,
    secondary_ref_kind: outcome.secondaryRefKind,
    secondary_ref_id: outcome.secondaryRefId,
    details: outcome.details
  }) as { readonly [name: string]: Json }

/** A record in the file's shape, fields in the file's order; what the predecessor did not know is left out. */
export const toFileRecord = (record: IdempotencyRecord): { readonly [name: string]: Json } =>
  absent({
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
    first_seen_event_id: record.firstSeenEventId,
    expires_at_ms: record.expiresAtMs,
    outcome: record.outcome && outcomeToFile(record.outcome),
    conflict_count: record.conflictCount,
    conflict_fingerprints: record.conflictFingerprints.length === 0 ? undefined : record.conflictFingerprints
  }) as { readonly [name: string]: Json }

const outcomeFrom = (fields: Fields): Outcome =>
  absent({
    outcomeKind: text(fields, 'outcome_kind'),
    completedAtMs: time(fields, 'completed_at_ms'),
    primaryRefKind: optional(fields, 'primary_ref_kind', text),
    primaryRefId: optional(fields, 'primary_ref_id', text),
    secondaryRefKind: optional(fields, 'secondary_ref_kind', text),
    secondaryRefId: optional(fields, 'secondary_ref_id', text),
    details: fields.get('details') ?? null
  }) as Outcome

const source = oneOf('explicit', 'local_implicit')

/** A record without a tenant is the local default's. */
const localTenant: Tenant = { orgId: 'local', workspaceId: 'default', actorId: 'system', source: 'explicit' }

const named = (fields: Fields, name: string): string => {
  const value = text(fields, name)
  if (value === '') throw new FieldFault(`${fields.path}.${name}`, 'cannot be empty')
  return value
}

const tenantFrom = (fields: Fields): Tenant => {
  const deploymentId = optional(fields, 'deployment_id', text)
  return absent({
    orgId: named(fields, 'org_id'),
    workspaceId: named(fields, 'workspace_id'),
    deploymentId: deploymentId === '' ? undefined : deploymentId,
    actorId: optional(fields, 'actor_id', text),
    source: defaulted(fields, 'source', source, 'local_implicit')
  }) as Tenant
}

const trimmed = (fields: Fields, name: string): string => {
  const value = text(fields, name)
  if (value === '' || trimWhiteSpace(value) !== value) {
    throw new FieldFault(`${fields.path}.${name}`, 'must be trimmed, and not empty')
  }
  return value
}

const status = oneOf('reserved', 'completed', 'conflicted')

/**
 * Reads one record of the file (SPEC sections 12 and 14.7). `id` is the name under which it stands: it, the record's
 * own id, and the id that tenant, operation and key give must be one.
 */
export const fromFileRecord =
  (sha256: Sha256) =>
  (value: Json, id: string, path: string, floats: ReadonlySet<string>): IdempotencyRecord => {
    const fields = fieldsOf(value, path, floats)
    const version = defaulted(fields, 'schema_version', whole, fileVersion)
    if (version > fileVersion) throw new FieldFault(`${path}.schema_version`, `is newer than ${fileVersion}`)
    const within = (name: string): Fields => fieldsOf(fields.get(name), `${path}.${name}`, floats)
    const tenant = fields.get('tenant_context') === undefined ? localTenant : tenantFrom(within('tenant_context'))
    const operation = trimmed(fields, 'operation')
    const key = trimmed(fields, 'key')
    const own = text(fields, 'record_id')
    const recordId: RecordId = recordIdOf(sha256)(tenant, operation, key)
    if (own !== recordId || id !== recordId) {
      throw new FieldFault(path, `stands under another id than its tenant, operation and key give (${recordId})`)
    }
    return {
      recordId,
      tenant,
      operation,
      key,
      owner: trimmed(fields, 'owner'),
      requestFingerprint: trimmed(fields, 'request_fingerprint'),
      status: status(fields, 'status'),
      firstSeenAtMs: time(fields, 'first_seen_at_ms'),
      lastSeenAtMs: time(fields, 'last_seen_at_ms'),
      firstSeenEventId: optional(fields, 'first_seen_event_id', text),
      expiresAtMs: optional(fields, 'expires_at_ms', time),
      outcome: optional(fields, 'outcome', () => outcomeFrom(within('outcome'))),
      conflictCount: defaulted(fields, 'conflict_count', whole, 0),
      conflictFingerprints: defaulted(fields, 'conflict_fingerprints', texts, []),
      duplicateCount: 0,
      epoch: 1,
      leaseExpiresAtMs: undefined
    }
  }
