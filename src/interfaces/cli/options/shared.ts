import { type Command, Option } from 'commander'
import { defaultStore } from './store-address.ts'

/** The options that stand before and after the name of every command. */
export const shared = (command: Command): Command =>
  command
    .addOption(
      new Option(
        '--store <address>',
        `sqlite:FILE, memory:, esdb://… or kurrentdb://… (default: KEYFOLD_STORE, else ${defaultStore})`
      )
    )
    .option('--category <name>', 'what stands before record ids in stream names (default: idempotency)')
    .option('--json', 'print one JSON document')
    .option('--local', 'show times as they are here, not of UTC; JSON has epoch milliseconds all the same')
