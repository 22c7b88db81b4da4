import type { Command } from 'commander'
import type { EventFilter } from '../../../application/use-cases/event-filter.ts'
import { moment } from './values.ts'

export type EventOptions = {
  readonly org?: string
  readonly workspace?: string
  readonly operation?: string
  readonly from?: number
  readonly until?: number
  readonly strict?: boolean
}

/** Which events a report is about. */
export const eventOptions = (command: Command): Command =>
  command
    .option('--org <id>', 'only of this organisation')
    .option('--workspace <id>', 'only of this workspace')
    .option('--operation <name>', 'only of this operation')
    .option('--from <time>', 'only what was recorded at this time or later', moment)
    .option('--until <time>', 'only what was recorded before this time', moment)
    .option('--strict', 'fail where a stream cannot be read, in place of naming it and going on')

export const eventsFrom = ({ org, workspace, operation, from, until }: EventOptions): EventFilter => ({
  orgId: org,
  workspaceId: workspace,
  operation,
  fromMs: from,
  untilMs: until
})
