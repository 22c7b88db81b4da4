import type { Command } from 'commander'
import type { ScanFilter } from '../../../application/use-cases/scan-filter.ts'
import { count } from './values.ts'

export type ScanOptions = {
  readonly org?: string
  readonly workspace?: string
  readonly operation?: string
  readonly owner?: string
  readonly limit?: number
  readonly strict?: boolean
}

/** Whose records a scan is about. */
export const scanOptions = (command: Command): Command =>
  command
    .option('--org <id>', 'only of this organisation')
    .option('--workspace <id>', 'only of this workspace')
    .option('--operation <name>', 'only of this operation')
    .option('--owner <name>', 'only of this owner')

/** How a scan is shown. */
export const foundOptions = (command: Command): Command =>
  command
    .option('--limit <number>', 'at most so many', count)
    .option('--strict', 'fail where a stream cannot be read, in place of naming it and going on')

export const scanFrom = ({ org, workspace, operation, owner }: ScanOptions): ScanFilter => ({
  orgId: org,
  workspaceId: workspace,
  operation,
  owner
})
