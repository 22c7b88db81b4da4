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
  /** The organisation. With the workspace and the deployment it says whose key it is. */
  readonly orgId: string
  /** The workspace inside the organisation. */
  readonly workspaceId: string
  /** The deployment inside the workspace, where keys of deployments are to differ. Absent is the same as empty. */
  readonly deploymentId?: string | undefined
  /** Who acted. Kept, and never part of whose key it is. */
  readonly actorId?: string | undefined
  /** Whether the caller named the tenant, or it was implied. Kept, and never part of whose key it is. */
  readonly source: 'explicit' | 'local_implicit'
}
