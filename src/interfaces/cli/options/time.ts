import type { Command, Option } from 'commander'
import { latestMs } from './time-text.ts'
import { duration, moment } from './values.ts'

export type NowOption = { readonly now?: number }
export type RetentionOptions = { readonly expiresAt?: number; readonly retention?: number }

export const nowOption = (command: Command, otherwise = 'the clock'): Command =>
  command.option('--now <time>', `the present (default: ${otherwise})`, moment)

export const retentionOptions = (command: Command): Command =>
  command
    .option('--expires-at <time>', 'until when the answer is remembered', moment)
    .option('--past', 'take an --expires-at that is in the past')
    .option('--retention <length>', 'how long after completion the answer is remembered', duration)

const isFromNow = (value: unknown): value is { readonly fromNowMs: number } =>
  typeof value === 'object' && value !== null && 'fromNowMs' in value

/**
 * Puts times in the place of those that were given from now on, before the command has its options: `--now` by the clock,
 * the others by `--now` where it was given. What is to come must not be over already, unless that is asked for, and a range
 * must not be the wrong way round.
 */
export const settleTimes = (command: Command, clockMs: number): void => {
  const settle = (option: Option, presentMs: number): void => {
    const given: unknown = command.getOptionValue(option.attributeName())
    if (!isFromNow(given)) return
    const ms = presentMs + given.fromNowMs
    if (ms < 0 || ms > latestMs) command.error(`error: ${option.long} is no time between 1970 and 9999`)
    command.setOptionValueWithSource(option.attributeName(), ms, 'cli')
  }
  for (const option of command.options) if (option.long === '--now') settle(option, clockMs)
  const { now = clockMs } = command.opts<NowOption>()
  for (const option of command.options) settle(option, now)
  const { from, until } = command.opts<{ readonly from?: unknown; readonly until?: unknown }>()
  // nothing lies between them, which would look like an answer
  if (typeof from === 'number' && typeof until === 'number' && from > until) {
    const [later, earlier] = [from, until].map((ms) => new Date(ms).toISOString())
    command.error(`error: --from must not be later than --until, got ${later} and ${earlier}`)
  }
  const { expiresAt, past } = command.opts<RetentionOptions & { readonly past?: boolean }>()
  if (expiresAt !== undefined && expiresAt <= now && past !== true) {
    const date = new Date(expiresAt).toISOString()
    command.error(`error: --expires-at is ${date}, which is over already; --past takes it all the same`)
  }
}
