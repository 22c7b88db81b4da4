import * as t from 'io-ts'
import { hashByteParts, hashParts, type Sha256 } from './hash-parts.ts'
import type { Tenant } from './tenant.ts'
import { utf8 } from './text.ts'

export interface RecordIdBrand {
  readonly RecordId: unique symbol
}

const recordIdForm = /^idem_[0-9a-f]{64}$/

/** The name under which a key appears in streams, logs and errors: `idem_` and a SHA-256 in lower-case hex. */
export type RecordId = string & t.Brand<RecordIdBrand>

export const RecordId = t.brand(
  t.string,
  (s): s is t.Branded<string, RecordIdBrand> => recordIdForm.test(s),
  'RecordId'
)

/**
 * The record id of a key (SPEC section 2). Neither trims, nor refuses, nor limits: commands do that before it. `hash` is
 * SHA-256, or an HMAC of it under a secret.
 */
export const recordIdOf =
  (hash: Sha256) =>
  (tenant: Pick<Tenant, 'orgId' | 'workspaceId' | 'deploymentId'>, operation: string, key: string): RecordId =>
    `idem_${hashParts(hash, [tenant.orgId, tenant.workspaceId, tenant.deploymentId ?? '', operation, key])}` as RecordId

const isText = (part: string | Uint8Array): part is string => typeof part === 'string'

/** The fingerprint over parts (SPEC section 2), of which bytes are taken as they are; no parts is the hash of nothing. */
export const fingerprintOf =
  (sha256: Sha256) =>
  (parts: ReadonlyArray<string | Uint8Array>): string =>
    `sha256:${
      parts.every(isText)
        ? hashParts(sha256, parts)
        : hashByteParts(
            sha256,
            parts.map((part) => (isText(part) ? utf8(part) : part))
          )
    }`

export const streamPrefix = (category: string): string => `${category}-idem_`

export const streamName = (category: string, recordId: RecordId): string => `${category}-${recordId}`

/** The record id that a stream is named for; a category has no hyphen. */
export const recordIdIn = (stream: string): string => stream.slice(stream.indexOf('-') + 1)

/** Whether a name is that of a key's stream of a category, and not only begins like one. */
export const keyStream =
  (category: string) =>
  (stream: string): boolean =>
    stream.startsWith(`${category}-`) && recordIdForm.test(stream.slice(category.length + 1))

/** Whether a category can stand before record ids in stream names. */
export const isCategory = (text: string): boolean => /^[A-Za-z0-9_.]+$/.test(text)
