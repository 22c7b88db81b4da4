import * as E from 'fp-ts/Either'
import type { Json } from '../json.ts'
import { nullable, type Parsed, type Parser } from './parsed.ts'
import type { Reader } from './reader.ts'
import { string } from './values.ts'

/** A member of an object, which has none where there is no value. */
export const ifAny = <N extends string, A>(name: N, value: A | undefined): { readonly [name in N]?: A } =>
  value === undefined ? {} : ({ [name]: value } as { readonly [name in N]: A })

export type TenantFields<S> = {
  readonly orgId: string
  readonly workspaceId: string
  readonly deploymentId?: string
  readonly actorId?: string
  readonly source: S
}

const optionalText = nullable(string)

const json: Parser<Json, Json | undefined> = (_, value) => E.right(value ?? null)

/**
 * A tenant in the shape of the predecessor's file, which is the command line's too (SPEC sections 12 and 13). They differ
 * in what its ids and its source may be. An empty deployment is none (SPEC 14.1).
 */
export const tenantFields = <S>(read: Reader, id: Parser<string>, source: Parser<S>): Parsed<TenantFields<S>> => {
  const orgId = read('org_id', id)
  if (E.isLeft(orgId)) return orgId
  const workspaceId = read('workspace_id', id)
  if (E.isLeft(workspaceId)) return workspaceId
  const deploymentId = read('deployment_id', optionalText)
  if (E.isLeft(deploymentId)) return deploymentId
  const actorId = read('actor_id', optionalText)
  if (E.isLeft(actorId)) return actorId
  const given = read('source', source)
  if (E.isLeft(given)) return given
  return E.right({
    orgId: orgId.right,
    workspaceId: workspaceId.right,
    ...ifAny('deploymentId', deploymentId.right || undefined),
    ...ifAny('actorId', actorId.right),
    source: given.right
  })
}

export type OutcomeFields<T> = {
  readonly outcomeKind: string
  readonly completedAtMs: T
  readonly primaryRefKind?: string
  readonly primaryRefId?: string
  readonly secondaryRefKind?: string
  readonly secondaryRefId?: string
  readonly details: Json
}

/** An outcome in the same shape. They differ in what its time may be. Without details these are null. */
export const outcomeFields = <T>(read: Reader, time: Parser<T>): Parsed<OutcomeFields<T>> => {
  const outcomeKind = read('outcome_kind', string)
  if (E.isLeft(outcomeKind)) return outcomeKind
  const completedAtMs = read('completed_at_ms', time)
  if (E.isLeft(completedAtMs)) return completedAtMs
  const primaryRefKind = read('primary_ref_kind', optionalText)
  if (E.isLeft(primaryRefKind)) return primaryRefKind
  const primaryRefId = read('primary_ref_id', optionalText)
  if (E.isLeft(primaryRefId)) return primaryRefId
  const secondaryRefKind = read('secondary_ref_kind', optionalText)
  if (E.isLeft(secondaryRefKind)) return secondaryRefKind
  const secondaryRefId = read('secondary_ref_id', optionalText)
  if (E.isLeft(secondaryRefId)) return secondaryRefId
  const details = read('details', json)
  if (E.isLeft(details)) return details
  return E.right({
    outcomeKind: outcomeKind.right,
    completedAtMs: completedAtMs.right,
    ...ifAny('primaryRefKind', primaryRefKind.right),
    ...ifAny('primaryRefId', primaryRefId.right),
    ...ifAny('secondaryRefKind', secondaryRefKind.right),
    ...ifAny('secondaryRefId', secondaryRefId.right),
    details: details.right
  })
}
