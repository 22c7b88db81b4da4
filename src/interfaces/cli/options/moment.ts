import type { Command } from 'commander'
import type { MomentInput } from '../../../application/use-cases/audit/moment.ts'
import { count, moment } from './values.ts'

export type MomentOptions = { readonly at?: number; readonly revision?: number }

export const momentOptions = (command: Command): Command =>
  command
    .option('--at <time>', 'the moment, by the time at which the store recorded', moment)
    .option('--revision <number>', 'the moment after this revision of the key', count)

/** The moment that is meant: either a time or a revision; anything else is misuse of the command line. */
export const momentFrom = (
  command: Command,
  timeMs: number | undefined,
  revision: number | undefined,
  names: readonly [time: string, revision: string] = ['--at', '--revision']
): MomentInput => {
  if (timeMs !== undefined && revision === undefined) return { timeMs }
  if (timeMs === undefined && revision !== undefined) return { revision }
  const got = timeMs === undefined ? 'neither' : 'both'
  return command.error(`error: give either ${names[0]} or ${names[1]}, got ${got}`)
}
