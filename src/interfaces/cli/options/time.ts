import type { Command } from 'commander'
import { duration, moment } from './values.ts'

export type NowOption = { readonly now?: number }
export type RetentionOptions = { readonly expiresAt?: number; readonly retention?: number }

export const nowOption = (command: Command): Command =>
  command.option('--now <time>', 'the present (default: the clock)', moment)

export const retentionOptions = (command: Command): Command =>
  command
    .option('--expires-at <time>', 'until when the answer is remembered', moment)
    .option('--retention <length>', 'how long after completion the answer is remembered', duration)
