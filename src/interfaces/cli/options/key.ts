import { type Command, Option } from 'commander'
import type { KeyInput, TenantInput } from '../../../application/requests/requests.ts'

export type TenantOptions = {
  readonly org?: string
  readonly workspace?: string
  readonly deployment?: string
  readonly actor?: string
  readonly source?: 'explicit' | 'local_implicit'
}

export type KeyOptions = TenantOptions & { readonly operation: string; readonly key: string }

export const tenantOptions = (command: Command): Command =>
  command
    .option('--org <id>', 'organisation of the tenant (default: local)')
    .option('--workspace <id>', 'workspace of the tenant (default: default)')
    .option('--deployment <id>', 'deployment of the tenant')
    .option('--actor <id>', 'actor of the tenant; does not count for identity')
    .addOption(
      new Option('--source <source>', 'how the tenant became known (default: explicit where it is given)').choices([
        'explicit',
        'local_implicit'
      ])
    )

export const keyOptions = (command: Command): Command =>
  tenantOptions(
    command
      .requiredOption('--operation <name>', 'what the key is used for')
      .requiredOption('--key <key>', 'the idempotency key')
  )

/** The tenant that is meant; the local one of a single machine where none is named. */
export const tenantFrom = ({ org, workspace, deployment, actor, source }: TenantOptions): TenantInput => ({
  orgId: org ?? 'local',
  workspaceId: workspace ?? 'default',
  deploymentId: deployment,
  actorId: actor,
  source: source ?? (org === undefined && workspace === undefined ? 'local_implicit' : 'explicit')
})

export const keyFrom = (options: KeyOptions): KeyInput => ({
  tenant: tenantFrom(options),
  operation: options.operation,
  key: options.key
})
