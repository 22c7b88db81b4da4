import * as E from 'fp-ts/Either'
import { defaulted, mismatch, oneOf, type Parsed } from '../../domain/parsing/parsed.ts'
import { isMembers } from '../../domain/parsing/values.ts'
import type { Tenant } from '../../domain/tenant.ts'
import type { Limits } from '../settings.ts'
import { tenantMembers } from './members.ts'
import type { TenantInput } from './requests.ts'
import { filledText, optionalText } from './text.ts'

const sourceOf = defaulted(oneOf('explicit', 'local_implicit'), 'local_implicit')

/** A tenant. An empty deployment is none (SPEC 14.1); an empty org or workspace is refused. */
export const tenant = (limits: Limits, input: TenantInput, path = '$.tenant'): Parsed<Tenant> => {
  if (!isMembers(input)) return mismatch(path, 'must be an object with orgId and workspaceId', input)
  const known = tenantMembers(path, input)
  if (E.isLeft(known)) return known
  const source = sourceOf(`${path}.source`, input.source)
  if (E.isLeft(source)) return source
  const orgId = filledText(limits, `${path}.orgId`, input.orgId)
  if (E.isLeft(orgId)) return orgId
  const workspaceId = filledText(limits, `${path}.workspaceId`, input.workspaceId)
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
    source: source.right
  })
}
