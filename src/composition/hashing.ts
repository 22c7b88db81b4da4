import { sha256 } from '../adapters/node/sha256.ts'
import type { TenantInput } from '../application/requests/requests.ts'
import type { Identity } from '../application/settings.ts'
import { type ClaimHash, claimHashOf } from '../domain/claim.ts'
import { decodeEvent as decodeEventBy } from '../domain/events/codecs.ts'
import { fingerprintParts } from '../domain/fingerprint-parts.ts'
import { fingerprintOf, type RecordId, recordIdOf } from '../domain/identity.ts'
import { canonicalJson } from '../domain/json.ts'
import { matching } from '../domain/parsing/parsed.ts'
import { reading } from '../domain/parsing/reading.ts'
import { isMembers } from '../domain/parsing/values.ts'
import { type IdentityOptions, identityOf, identitySecret } from './identity.ts'
import { rightOrThrow } from './promises.ts'

const isWellFormed = (part: unknown): part is string => typeof part === 'string' && part.isWellFormed()

const wellFormedText = matching(isWellFormed, 'must be a string without lone surrogates')

const wellFormed = (part: unknown, path: string): string => rightOrThrow(wellFormedText(path, part))

const tenantObject = matching(isMembers, 'must be an object with orgId and workspaceId')

const identityFrom = (options: IdentityOptions | undefined): Identity => {
  // null has no secret, as any other value that is no object
  if (options !== undefined) rightOrThrow(identitySecret('$.options.secret', options?.secret))
  return identityOf(options)
}

/**
 * The record id of a key (SPEC section 2), on a ledger with an identity secret under the same secret. Neither trims, nor
 * refuses empty parts, nor limits.
 */
export const recordId = (
  tenant: Pick<TenantInput, 'orgId' | 'workspaceId' | 'deploymentId'>,
  operation: string,
  key: string,
  options?: IdentityOptions
): RecordId => {
  rightOrThrow(tenantObject('$.tenant', tenant))
  return recordIdOf(identityFrom(options).hash)(
    {
      orgId: wellFormed(tenant.orgId, '$.tenant.orgId'),
      workspaceId: wellFormed(tenant.workspaceId, '$.tenant.workspaceId'),
      deploymentId: wellFormed(tenant.deploymentId ?? '', '$.tenant.deploymentId')
    },
    wellFormed(operation, '$.operation'),
    wellFormed(key, '$.key')
  )
}

/**
 * The fingerprint over parts, in their order: texts, which count as their UTF-8 bytes, and bytes as they are. No parts is
 * the hash of nothing. What is neither is thrown as `InvalidInput` with its path.
 */
export const fingerprint = (parts: ReadonlyArray<string | Uint8Array>): string =>
  fingerprintOf(sha256)(rightOrThrow(fingerprintParts('$.parts', parts)))

/**
 * The fingerprint of a JSON payload: the same for every order of its keys (RFC 8785). What is no JSON is thrown as
 * `InvalidInput` with its path, never coerced.
 */
export const jsonFingerprint = (payload: unknown): string =>
  fingerprintOf(sha256)([rightOrThrow(reading('$', () => canonicalJson(payload)))])

/** What commands and events of the pure core hold of a claim id: its SHA-256, in lower-case hex. */
export const claimHash = (claimId: string): ClaimHash => claimHashOf(sha256)(wellFormed(claimId, '$.claimId'))

/**
 * An event from its stored type, schema version and data; older versions as the newest has them. A type or shape that is
 * not keyfold's is `CorruptStream`; a version newer than this build's is `UnsupportedVersion`.
 */
export const decodeEvent = decodeEventBy(sha256)
