import * as E from 'fp-ts/Either'
import { type Failure, failure, invalidInput } from '../../../domain/failure.ts'
import { faultPath } from '../../../domain/fault-path.ts'
import type { Sha256 } from '../../../domain/hash-parts.ts'
import { recordIdOf } from '../../../domain/identity.ts'
import { having } from '../../../domain/parsing/having.ts'
import { faultOf, keeping, optional, type Parsed } from '../../../domain/parsing/parsed.ts'
import { filled } from '../../../domain/parsing/values.ts'
import { IdempotencyRecord } from '../../../domain/record.ts'
import { takenJson } from '../../../domain/taken-json.ts'
import { trimWhiteSpace } from '../../../domain/text.ts'

/** Deeper than any system that a record could come from; import knows no other limit (SPEC section 7), and V8 has one of 4,000. */
const maxDepth = 3000

const isTrimmed = (text: unknown): boolean => typeof text === 'string' && text !== '' && trimWhiteSpace(text) === text

const trimmed = keeping(isTrimmed, 'must be trimmed, and not empty')

/** What a record must keep beyond its shape, for the ledger to find it again and to read what it wrote. */
const lawful = having({
  tenant: having({ orgId: filled, workspaceId: filled, deploymentId: optional(filled) }),
  operation: trimmed,
  key: trimmed,
  owner: trimmed,
  requestFingerprint: trimmed
})

const noRecord = (record: unknown, path: string): Failure => {
  const decoded = IdempotencyRecord.decode(record)
  const fault = E.isLeft(decoded) ? faultPath(decoded.left, path) : path
  return invalidInput(`${path} is no record: it is not valid at ${fault}`, fault)
}

/**
 * What another system brings, as text: a copy that its owner cannot change any more, whatever they do with the original.
 * It is taken as JSON takes it, but for what would be lost in silence.
 */
export const copyOf = (record: unknown, path: string): Parsed<string> => {
  if (typeof record !== 'object' || record === null) return E.left(noRecord(record, path))
  const taken = takenJson(record, path, { maxDepth })
  return E.isLeft(taken) ? taken : E.right(JSON.stringify(taken.right))
}

/**
 * A record that another system brings, from its copy, checked as strictly as what keyfold will read again: an event that
 * it wrote and could not decode would be the end of its key.
 */
export const foreignRecord = (sha256: Sha256, copy: string, path: string): Parsed<IdempotencyRecord> => {
  const record: unknown = JSON.parse(copy)
  if (!IdempotencyRecord.is(record)) return E.left(noRecord(record, path))
  const fault = faultOf(lawful(path, record))
  if (fault !== undefined) return E.left(fault)
  const { tenant, operation, key, recordId } = record
  const own = recordIdOf(sha256)(tenant, operation, key)
  if (recordId === own) return E.right(record)
  const message = `${path}.recordId is another than its tenant, operation and key give: ${own}`
  return E.left(failure('InvalidInput', message, { path: `${path}.recordId`, recordId }))
}
