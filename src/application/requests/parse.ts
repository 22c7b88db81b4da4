import * as E from 'fp-ts/Either'
import type { Claim } from '../../domain/claim.ts'
import { type Failure, failure, invalidInput } from '../../domain/failure.ts'
import { RecordId } from '../../domain/identity.ts'
import { Instant, Millis } from '../../domain/instant.ts'
import { type Json, jsonFault } from '../../domain/json.ts'
import type { Outcome } from '../../domain/outcome.ts'
import { ownText } from '../../domain/own-text.ts'
import type { Tenant } from '../../domain/tenant.ts'
import { trimWhiteSpace, utf8Bytes } from '../../domain/text.ts'
import type { Limits } from './limits.ts'
import type { OutcomeInput, TenantInput } from './requests.ts'

export type Parsed<A> = E.Either<Failure, A>

/**
 * The fields of a request, once all of them are parsed, or the first failure in their order. What every reserve and
 * complete comes through is written out field by field instead: parsing a reserve took twice as long with this.
 */
export const allOf = <A extends object>(fields: { readonly [K in keyof A]: Parsed<A[K]> }): Parsed<A> => {
  const parsed: Partial<A> = {}
  for (const name in fields) {
    const field = fields[name]
    if (E.isLeft(field)) return field
    parsed[name] = field.right
  }
  return E.right(parsed as A)
}

/** A text field that is kept as it is, apart from what it was cut out of: well-formed and within the limit. */
export const text = (limits: Limits, path: string, value: unknown): Parsed<string> => {
  if (typeof value !== 'string') return E.left(invalidInput(`${path} must be a string`, path))
  if (!value.isWellFormed()) return E.left(invalidInput(`${path} holds a lone surrogate`, path))
  // three bytes a code unit is the most that UTF-8 takes: a short text needs no counting
  const size = value.length * 3 <= limits.fieldBytes ? 0 : utf8Bytes(value)
  if (size <= limits.fieldBytes) return E.right(ownText(value))
  const message = `${path} has ${size} bytes, over the limit of ${limits.fieldBytes} bytes`
  return E.left(failure('LimitExceeded', message, { path, limit: limits.fieldBytes, size }))
}

export const optionalText = (limits: Limits, path: string, value: unknown): Parsed<string | undefined> =>
  value === undefined ? E.right(undefined) : text(limits, path, value)

export type TrimmedField = 'key' | 'operation' | 'owner' | 'fingerprint'

const trimmedPath = (field: TrimmedField): string => (field === 'fingerprint' ? '$.requestFingerprint' : `$.${field}`)

/** Trims a field of Unicode white space; what is left must not be empty (SPEC section 2). */
export const trimmed = (field: TrimmedField, value: unknown): Parsed<string> => {
  const path = trimmedPath(field)
  if (typeof value !== 'string') return E.left(invalidInput(`idempotency ${field} must be a string`, path))
  const rest = trimWhiteSpace(value)
  return rest === '' ? E.left(invalidInput(`idempotency ${field} cannot be empty`, path)) : E.right(rest)
}

/** Trims fields in the order in which they are to be judged, then checks each of them as text. */
export const trimmedFields = <F extends TrimmedField>(
  limits: Limits,
  fields: { readonly [K in F]: unknown },
  order: ReadonlyArray<F>
): Parsed<{ readonly [K in F]: string }> => {
  const parsed: Partial<Record<F, string>> = {}
  for (const field of order) {
    const value = trimmed(field, fields[field])
    if (E.isLeft(value)) return value
    parsed[field] = value.right
  }
  for (const field of order) {
    const value = text(limits, trimmedPath(field), parsed[field])
    if (E.isLeft(value)) return value
    parsed[field] = value.right
  }
  return E.right(parsed as Record<F, string>)
}

const required = (limits: Limits, path: string, value: unknown): Parsed<string> =>
  value === '' ? E.left(invalidInput(`${path} cannot be empty`, path)) : text(limits, path, value)

/** A tenant. An empty deployment is none (SPEC 14.1); an empty org or workspace is refused. */
export const tenant = (limits: Limits, input: TenantInput, path = '$.tenant'): Parsed<Tenant> => {
  if (typeof input !== 'object' || input === null) return E.left(invalidInput(`${path} must be a tenant`, path))
  const { source = 'local_implicit' } = input
  if (source !== 'explicit' && source !== 'local_implicit') {
    return E.left(invalidInput(`${path}.source must be explicit or local_implicit`, `${path}.source`))
  }
  const orgId = required(limits, `${path}.orgId`, input.orgId)
  if (E.isLeft(orgId)) return orgId
  const workspaceId = required(limits, `${path}.workspaceId`, input.workspaceId)
  if (E.isLeft(workspaceId)) return workspaceId
  const deploymentId = optionalText(limits, `${path}.deploymentId`, input.deploymentId)
  if (E.isLeft(deploymentId)) return deploymentId
  const actorId = optionalText(limits, `${path}.actorId`, input.actorId)
  if (E.isLeft(actorId)) return actorId
  return E.right({
    orgId: orgId.right,
    workspaceId: workspaceId.right,
    deploymentId: deploymentId.right === '' ? undefined : deploymentId.right,
    actorId: actorId.right,
    source
  })
}

const timeWanted = 'must be a whole number of milliseconds from 0 to 2^53 - 1'

export const instant = (path: string, value: unknown): Parsed<Instant> =>
  Instant.is(value) ? E.right(value) : E.left(invalidInput(`${path} ${timeWanted}`, path))

export const optionalInstant = (path: string, value: unknown): Parsed<Instant | undefined> =>
  value === undefined ? E.right(undefined) : instant(path, value)

export const millis = (path: string, value: unknown): Parsed<Millis> =>
  Millis.is(value) ? E.right(value) : E.left(invalidInput(`${path} ${timeWanted}`, path))

/** A lease must last: 0 ms is over before it began. */
export const leaseLength = (path: string, value: unknown): Parsed<Millis> =>
  value === 0 ? E.left(invalidInput(`${path} must be longer than 0 ms`, path)) : millis(path, value)

export const recordId = (path: string, value: unknown): Parsed<RecordId> =>
  RecordId.is(value) ? E.right(value) : E.left(invalidInput(`${path} is not a record id`, path))

/** A claim as it was handed out. Whether it was ever issued, only the ledger knows. */
export const claim = (limits: Limits, value: Claim): Parsed<Claim & { readonly recordId: RecordId }> => {
  if (typeof value !== 'object' || value === null) return E.left(invalidInput('$.claim must be a claim', '$.claim'))
  if (!Number.isSafeInteger(value.epoch) || value.epoch < 1) {
    return E.left(invalidInput('$.claim.epoch must be a whole number from 1 on', '$.claim.epoch'))
  }
  return allOf({
    recordId: recordId('$.claim.recordId', value.recordId),
    epoch: E.right(value.epoch),
    claimId: required(limits, '$.claim.claimId', value.claimId)
  })
}

/** An outcome but for its time, which is the command's where the caller gives none. */
export type ParsedOutcome = (atMs: Instant) => Outcome

const references = ['primaryRefKind', 'primaryRefId', 'secondaryRefKind', 'secondaryRefId'] as const

/** An outcome: JSON throughout, within the limits, and a copy that the caller cannot change afterwards. */
export const outcome = (limits: Limits, input: OutcomeInput, path = '$.outcome'): Parsed<ParsedOutcome> => {
  if (typeof input !== 'object' || input === null) return E.left(invalidInput(`${path} must be an outcome`, path))
  if (typeof input.outcomeKind !== 'string') {
    return E.left(invalidInput(`${path}.outcomeKind must be a string`, `${path}.outcomeKind`))
  }
  const texts: { [field: string]: string } = { outcomeKind: input.outcomeKind }
  for (const field of references) {
    const value: unknown = input[field]
    if (value === undefined) continue
    if (typeof value !== 'string') return E.left(invalidInput(`${path}.${field} must be a string`, `${path}.${field}`))
    texts[field] = value
  }
  const completedAtMs = optionalInstant(`${path}.completedAtMs`, input.completedAtMs)
  if (E.isLeft(completedAtMs)) return completedAtMs
  const { details = null } = input
  const fault = jsonFault(details, `${path}.details`, limits.detailsDepth) ?? jsonFault(texts, path)
  if (fault !== undefined) return E.left(fault)
  const copy = JSON.stringify({ ...texts, details })
  // three bytes a code unit is the most that UTF-8 takes: a short outcome needs no counting
  const size = copy.length * 3 <= limits.outcomeBytes ? copy.length : utf8Bytes(copy)
  if (size > limits.outcomeBytes) {
    const message = `${path} has ${size} bytes as JSON, over the limit of ${limits.outcomeBytes} bytes`
    return E.left(failure('LimitExceeded', message, { path, limit: limits.outcomeBytes, size }))
  }
  const { details: keptDetails, ...kept }: Omit<Outcome, 'completedAtMs'> & { readonly details: Json } =
    JSON.parse(copy)
  return E.right((atMs) => ({ ...kept, completedAtMs: completedAtMs.right ?? atMs, details: keptDetails }))
}
