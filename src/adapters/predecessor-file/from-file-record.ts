import * as E from 'fp-ts/Either'
import { type Failure, failure } from '../../domain/failure.ts'
import type { Sha256 } from '../../domain/hash-parts.ts'
import { RecordId, recordIdOf } from '../../domain/identity.ts'
import type { Json, JsonObject } from '../../domain/json.ts'
import type { Outcome } from '../../domain/outcome.ts'
import { outcomeFields, tenantFields } from '../../domain/parsing/file-shape.ts'
import { defaulted, nullable, type Parsed, type Parser, refused } from '../../domain/parsing/parsed.ts'
import { isJsonObject, type Reader, readerOf } from '../../domain/parsing/reader.ts'
import { filled, string, strings } from '../../domain/parsing/values.ts'
import type { IdempotencyRecord } from '../../domain/record.ts'
import type { Tenant } from '../../domain/tenant.ts'
import type { Floats } from '../exact-json/parse.ts'
import { among, integerIn, trimmed } from './file-values.ts'
import { fileVersion } from './to-file-record.ts'

/** Where a record stands: its path, and its name in the map of records. */
export type Standing = { readonly path: string; readonly id: string; readonly floats?: Floats }

const noFloats: Floats = new Map()

const noObject = (path: string): Parsed<never> => refused(`${path} must be an object`, path)

const source = defaulted(among('explicit', 'local_implicit'), 'local_implicit')

const tenant: Parser<Tenant> = (path, value) =>
  isJsonObject(value) ? tenantFields(readerOf(value, path), filled, source) : noObject(path)

/** A record without a tenant is the local default's. */
const tenantOrLocal = defaulted(tenant, {
  orgId: 'local',
  workspaceId: 'default',
  actorId: 'system',
  source: 'explicit'
})

const outcomeWith =
  (floats: Floats): Parser<Outcome> =>
  (path, value) =>
    isJsonObject(value)
      ? outcomeFields(readerOf(value, path), integerIn(floats, value, 'completed_at_ms'))
      : noObject(path)

const recordStatus = among('reserved', 'completed', 'conflicted')

const optionalText = nullable(string)

const fingerprints = defaulted(strings, [])

/** What makes a record's id; under that it must stand, and call itself by it. */
type Identified = Pick<IdempotencyRecord, 'recordId' | 'tenant' | 'operation' | 'key'>

const identified = (sha256: Sha256, read: Reader, { path, id }: Standing): Parsed<Identified> => {
  const whose = read('tenant_context', tenantOrLocal)
  if (E.isLeft(whose)) return whose
  const operation = read('operation', trimmed)
  if (E.isLeft(operation)) return operation
  const key = read('key', trimmed)
  if (E.isLeft(key)) return key
  const recordId = recordIdOf(sha256)(whose.right, operation.right, key.right)
  const own = id === recordId ? read('record_id', string) : E.right(id)
  if (E.isLeft(own)) return own
  if (own.right === recordId) {
    return E.right({ recordId, tenant: whose.right, operation: operation.right, key: key.right })
  }
  const message = `${path} stands under another id than its tenant, operation and key give: ${recordId}`
  return E.left(failure('InvalidInput', message, { path, recordId }))
}

const recordFrom = (sha256: Sha256, object: JsonObject, standing: Standing): Parsed<IdempotencyRecord> => {
  const { path, floats = noFloats } = standing
  const read = readerOf(object, path)
  const version = read('schema_version', defaulted<number>(integerIn(floats, object, 'schema_version'), fileVersion))
  if (E.isLeft(version)) return version
  if (version.right > fileVersion) {
    const newer = `is ${version.right}, newer than supported version ${fileVersion}`
    return refused(`${path}.schema_version ${newer}`, `${path}.schema_version`)
  }
  const own = identified(sha256, read, standing)
  if (E.isLeft(own)) return own
  const owner = read('owner', trimmed)
  if (E.isLeft(owner)) return owner
  const requestFingerprint = read('request_fingerprint', trimmed)
  if (E.isLeft(requestFingerprint)) return requestFingerprint
  const status = read('status', recordStatus)
  if (E.isLeft(status)) return status
  const firstSeenAtMs = read('first_seen_at_ms', integerIn(floats, object, 'first_seen_at_ms'))
  if (E.isLeft(firstSeenAtMs)) return firstSeenAtMs
  const lastSeenAtMs = read('last_seen_at_ms', integerIn(floats, object, 'last_seen_at_ms'))
  if (E.isLeft(lastSeenAtMs)) return lastSeenAtMs
  const firstSeenEventId = read('first_seen_event_id', optionalText)
  if (E.isLeft(firstSeenEventId)) return firstSeenEventId
  const expiresAtMs = read('expires_at_ms', nullable(integerIn(floats, object, 'expires_at_ms')))
  if (E.isLeft(expiresAtMs)) return expiresAtMs
  const outcome = read('outcome', nullable(outcomeWith(floats)))
  if (E.isLeft(outcome)) return outcome
  const conflictCount = read('conflict_count', defaulted<number>(integerIn(floats, object, 'conflict_count'), 0))
  if (E.isLeft(conflictCount)) return conflictCount
  const conflictFingerprints = read('conflict_fingerprints', fingerprints)
  if (E.isLeft(conflictFingerprints)) return conflictFingerprints
  return E.right({
    recordId: own.right.recordId,
    tenant: own.right.tenant,
    operation: own.right.operation,
    key: own.right.key,
    owner: owner.right,
    requestFingerprint: requestFingerprint.right,
    status: status.right,
    firstSeenAtMs: firstSeenAtMs.right,
    lastSeenAtMs: lastSeenAtMs.right,
    firstSeenEventId: firstSeenEventId.right,
    expiresAtMs: expiresAtMs.right,
    outcome: outcome.right,
    conflictCount: conflictCount.right,
    conflictFingerprints: conflictFingerprints.right,
    duplicateCount: 0,
    epoch: 1,
    leaseExpiresAtMs: undefined
  })
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
  (value: Json, standing: Standing): Parsed<IdempotencyRecord> => {
    const record = isJsonObject(value) ? recordFrom(sha256, value, standing) : noObject(standing.path)
    return E.isLeft(record) ? E.left(named(record.left, standing.id)) : record
  }
