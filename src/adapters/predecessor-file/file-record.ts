import * as E from 'fp-ts/Either'
import { type Failure, failure } from '../../domain/failure.ts'
import type { Sha256 } from '../../domain/hash-parts.ts'
import { RecordId, recordIdOf } from '../../domain/identity.ts'
import type { Json } from '../../domain/json.ts'
import type { Outcome } from '../../domain/outcome.ts'
import type { IdempotencyRecord } from '../../domain/record.ts'
import type { Tenant } from '../../domain/tenant.ts'
import type { Floats } from '../exact-json/parse.ts'
import { Refusal, refusing } from '../exact-json/refusal.ts'
import {
  defaulted,
  type Fields,
  fault,
  fieldsOf,
  filled,
  member,
  oneOf,
  optional,
  text,
  texts,
  time,
  trimmed,
  whole,
  within
} from './fields.ts'

/** The schema version of the file, and of each record in it. */
export const fileVersion = 1

/** An object of the file, in its own names: snake_case, in the order in which the predecessor writes them. */
export type FileObject = { readonly [name: string]: Json }

const noFloats: Floats = new Map()

const ifAny = <N extends string, A>(name: N, value: A | undefined): { readonly [name in N]?: A } =>
  value === undefined ? {} : ({ [name]: value } as { readonly [name in N]: A })

/** A tenant in the file's shape. */
export const tenantToFile = (tenant: Tenant): FileObject => ({
  org_id: tenant.orgId,
  workspace_id: tenant.workspaceId,
  ...ifAny('deployment_id', tenant.deploymentId),
  ...ifAny('actor_id', tenant.actorId),
  source: tenant.source
})

/** An outcome in the file's shape. */
export const outcomeToFile = (outcome: Outcome): FileObject => ({
  outcome_kind: outcome.outcomeKind,
  completed_at_ms: outcome.completedAtMs,
  ...ifAny('primary_ref_kind', outcome.primaryRefKind),
  ...ifAny('primary_ref_id', outcome.primaryRefId),
  ...ifAny('secondary_ref_kind', outcome.secondaryRefKind),
  ...ifAny('secondary_ref_id', outcome.secondaryRefId),
  details: outcome.details
})

/** A record in the file's shape; what the predecessor did not know is left out. */
export const toFileRecord = (record: IdempotencyRecord): FileObject => ({
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

const outcomeFrom = (fields: Fields): Outcome => ({
  outcomeKind: text(fields, 'outcome_kind'),
  completedAtMs: time(fields, 'completed_at_ms'),
  ...ifAny('primaryRefKind', optional(fields, 'primary_ref_kind', text)),
  ...ifAny('primaryRefId', optional(fields, 'primary_ref_id', text)),
  ...ifAny('secondaryRefKind', optional(fields, 'secondary_ref_kind', text)),
  ...ifAny('secondaryRefId', optional(fields, 'secondary_ref_id', text)),
  details: member(fields, 'details') ?? null
})

/** A record without a tenant is the local default's. */
const localTenant: Tenant = { orgId: 'local', workspaceId: 'default', actorId: 'system', source: 'explicit' }

const source = oneOf('explicit', 'local_implicit')

const tenantFrom = (fields: Fields): Tenant => {
  const orgId = filled(fields, 'org_id')
  const workspaceId = filled(fields, 'workspace_id')
  // an empty deployment is none: there the two shared one id, and leaked into each other (SPEC 14.1)
  const deploymentId = optional(fields, 'deployment_id', text) || undefined
  return {
    orgId,
    workspaceId,
    ...ifAny('deploymentId', deploymentId),
    ...ifAny('actorId', optional(fields, 'actor_id', text)),
    source: defaulted(fields, 'source', source, 'local_implicit')
  }
}

const status = oneOf('reserved', 'completed', 'conflicted')

const ownId = (sha256: Sha256, fields: Fields, id: string, tenant: Tenant): RecordId => {
  const recordId = recordIdOf(sha256)(tenant, trimmed(fields, 'operation'), trimmed(fields, 'key'))
  if (id === recordId && text(fields, 'record_id') === recordId) return recordId
  const message = `${fields.path} stands under another id than its tenant, operation and key give: ${recordId}`
  throw new Refusal(failure('InvalidInput', message, { path: fields.path, recordId }))
}

/** Where a record stands: its path, and its name in the map of records. */
export type Standing = { readonly path: string; readonly id: string; readonly floats?: Floats }

const recordFrom = (sha256: Sha256, fields: Fields, id: string): IdempotencyRecord => {
  const version = defaulted(fields, 'schema_version', whole, fileVersion)
  if (version > fileVersion) {
    throw fault(`${fields.path}.schema_version`, `is ${version}, newer than supported version ${fileVersion}`)
  }
  const tenant = defaulted(fields, 'tenant_context', (f, name) => tenantFrom(within(f, name)), localTenant)
  return {
    recordId: ownId(sha256, fields, id, tenant),
    tenant,
    operation: trimmed(fields, 'operation'),
    key: trimmed(fields, 'key'),
    owner: trimmed(fields, 'owner'),
    requestFingerprint: trimmed(fields, 'request_fingerprint'),
    status: status(fields, 'status'),
    firstSeenAtMs: time(fields, 'first_seen_at_ms'),
    lastSeenAtMs: time(fields, 'last_seen_at_ms'),
    firstSeenEventId: optional(fields, 'first_seen_event_id', text),
    expiresAtMs: optional(fields, 'expires_at_ms', time),
    outcome: optional(fields, 'outcome', (f, name) => outcomeFrom(within(f, name))),
    conflictCount: defaulted(fields, 'conflict_count', whole, 0),
    conflictFingerprints: defaulted(fields, 'conflict_fingerprints', texts, []),
    duplicateCount: 0,
    epoch: 1,
    leaseExpiresAtMs: undefined
  }
}

/** Where its map says what id a record has, its faults name it. */
const named = (failed: Failure, id: string): Failure =>
  failed.recordId === undefined && RecordId.is(id) ? { ...failed, recordId: id } : failed

/**
 * A record from the file's shape (SPEC sections 12 and 14.7): the name under which it stands, its own id, and the id
 * that tenant, operation and key give must be one. What keyfold knows beyond the file begins anew.
 */
export const fromFileRecord =
  (sha256: Sha256) =>
  (value: Json, { path, id, floats = noFloats }: Standing): E.Either<Failure, IdempotencyRecord> =>
    E.mapLeft((failed: Failure) => named(failed, id))(
      refusing(() => recordFrom(sha256, fieldsOf(value, path, floats), id))
    )
