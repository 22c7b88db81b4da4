import * as t from 'io-ts'

/** Whose key it is. Two tenants are the same where org, workspace and deployment are; actor and source never count. */
export const Tenant = t.intersection(
  [
    t.type({
      orgId: t.string,
      workspaceId: t.string,
      source: t.union([t.literal('explicit'), t.literal('local_implicit')])
    }),
    t.partial({ deploymentId: t.string, actorId: t.string })
  ],
  'Tenant'
)

export type Tenant = {
  readonly orgId: string
  readonly workspaceId: string
  readonly deploymentId?: string | undefined
  readonly actorId?: string | undefined
  readonly source: 'explicit' | 'local_implicit'
}
