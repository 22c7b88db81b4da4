import { type Command, Option } from 'commander'
import { eventTypes } from '../../../domain/events/ledger-event.ts'

export type TailOptions = {
  readonly from: string
  readonly org?: string
  readonly workspace?: string
  readonly deployment?: string
  readonly operation?: string
  readonly type?: ReadonlyArray<string>
  readonly follow: boolean
  readonly strict?: boolean
}

/** Which events to show, and from where on. */
export const tailOptions = (command: Command): Command =>
  command
    .option('--from <place>', 'start, end, or a position: what comes after it', 'end')
    .option('--org <id>', 'with --workspace: only of this tenant')
    .option('--workspace <id>', 'with --org: only of this tenant')
    .option('--deployment <id>', 'with --org and --workspace: only of this deployment')
    .option('--operation <name>', 'only of this operation')
    .addOption(new Option('--type <type...>', 'only events of these types').choices(eventTypes))
    .option('--no-follow', 'end at the end of the log')
    .option('--strict', 'fail where an event cannot be read, in place of naming it and going on')
