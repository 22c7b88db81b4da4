import type { Command } from 'commander'

export type OperatorOptions = { readonly by: string; readonly note: string }

/** What an operator must say: who, and why. Both stay in the key's history. */
export const operatorOptions = (command: Command): Command =>
  command.requiredOption('--by <who>', 'who decides this').requiredOption('--note <why>', 'why; kept in the history')
