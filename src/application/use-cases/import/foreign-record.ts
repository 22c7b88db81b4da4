import * as E from 'fp-ts/Either'
import { type Failure, failure, invalidInput } from '../../../domain/failure.ts'
import { faultPath } from '../../../domain/fault-path.ts'
import type { Sha256 } from '../../../domain/hash-parts.ts'
import { recordIdOf } from '../../../domain/identity.ts'
import { jsonFault } from '../../../domain/json.ts'
import { IdempotencyRecord } from '../../../domain/record.ts'
import { trimWhiteSpace } from '../../../domain/text.ts'
import type { Parsed } from '../../requests/parse.ts'

/** Deeper than any system that a record could come from; import knows no other limit (SPEC section 7), and V8 has one of 4,000. */
const maxDepth = 3000

const isTrimmed = (text: string): boolean => text !== '' && trimWhiteSpace(text) === text

type Rule = { readonly path: string; readonly keeps: (record: IdempotencyRecord) => boolean; readonly wanted: string }

/** What a record must keep beyond its shape, for the ledger to find it again and to read what it wrote. */
const rules: ReadonlyArray<Rule> = [
  { path: 'tenant.orgId', keeps: ({ tenant }) => tenant.orgId !== '', wanted: 'cannot be empty' },
  { path: 'tenant.workspaceId', keeps: ({ tenant }) => tenant.workspaceId !== '', wanted: 'cannot be empty' },
  { path: 'tenant.deploymentId', keeps: ({ tenant }) => tenant.deploymentId !== '', wanted: 'cannot be empty' },
  { path: 'operation', keeps: ({ operation }) => isTrimmed(operation), wanted: 'must be trimmed, and not empty' },
  { path: 'key', keeps: ({ key }) => isTrimmed(key), wanted: 'must be trimmed, and not empty' },
  { path: 'owner', keeps: ({ owner }) => isTrimmed(owner), wanted: 'must be trimmed, and not empty' },
  {
    path: 'requestFingerprint',
    keeps: ({ requestFingerprint }) => isTrimmed(requestFingerprint),
    wanted: 'must be trimmed, and not empty'
  }
]

/** Only what JSON can hold is left of a record; fields that are absent are no part of it. */
const asJson = (record: object): object =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined))

const noRecord = (record: unknown, path: string): Failure => {
  const decoded = IdempotencyRecord.decode(record)
  const fault = E.isLeft(decoded) ? faultPath(decoded.left, path) : path
  return invalidInput(`${path} is no record: it is not valid at ${fault}`, fault)
}

/**
 * What another system brings, as text: a copy that its owner cannot change any more, whatever they do with the original.
 * What is no JSON is refused, never coerced.
 */
export const copyOf = (record: unknown, path: string): Parsed<string> => {
  if (typeof record !== 'object' || record === null) return E.left(noRecord(record, path))
  const json = asJson(record)
  const fault = jsonFault(json, path, maxDepth)
  if (fault === undefined) return E.right(JSON.stringify(json))
  return E.left(IdempotencyRecord.is(record) ? fault : noRecord(record, path))
}

/**
 * A record that another system brings, from its copy, checked as strictly as what keyfold will read again: an event that
 * it wrote and could not decode would be the end of its key.
 */
export const foreignRecord = (sha256: Sha256, copy: string, path: string): Parsed<IdempotencyRecord> => {
  const record: unknown = JSON.parse(copy)
  if (!IdempotencyRecord.is(record)) return E.left(noRecord(record, path))
  const broken = rules.find(({ keeps }) => !keeps(record))
  if (broken !== undefined) {
    return E.left(invalidInput(`${path}.${broken.path} ${broken.wanted}`, `${path}.${broken.path}`))
  }
  const { tenant, operation, key, recordId } = record
  const own = recordIdOf(sha256)(tenant, operation, key)
  if (recordId === own) return E.right(record)
  const message = `${path}.recordId is another than its tenant, operation and key give: ${own}`
  return E.left(failure('InvalidInput', message, { path: `${path}.recordId`, recordId }))
}
