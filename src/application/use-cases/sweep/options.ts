import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import type { Instant } from '../../../domain/instant.ts'
import { noOthers } from '../../../domain/parsing/known-members.ts'
import { allOf, defaulted, matching, optional, type Parsed, type Parser } from '../../../domain/parsing/parsed.ts'
import { bool, func, instant, isMembers, millis } from '../../../domain/parsing/values.ts'
import type { IdempotencyRecord } from '../../../domain/record.ts'
import { clockTime } from '../../ports/clock-time.ts'
import { telling } from '../../ports/listening.ts'
import { signal } from '../../requests/signal.ts'
import type { Settings } from '../../settings.ts'

/** How far a sweep is. */
export type SweepProgress = {
  /** How many events of the log were looked at. */
  readonly events: number
  /** How many keys were expired, or were found due in a dry run. */
  readonly expired: number
}

/** How far a sweep goes, how fast, and who is told. */
export type SweepOptions = {
  /** The caller's time, epoch ms; without it the ledger's clock is asked, anew for each key. */
  readonly nowMs?: number | undefined
  /** At most so many keys are expired, or found due in a dry run. Without it all that are due. */
  readonly maxKeys?: number | undefined
  /** How many keys are expired at once, 1 to 1,000. 100 where it is left out. */
  readonly batchSize?: number | undefined
  /** Between two batches the sweep waits for a random part of this, ms. 100 where it is left out. */
  readonly pauseMs?: number | undefined
  /**
   * Which keys may be due, by record id, in place of a scan of the log: a read model knows. Each is looked at, and one that is
   * not due is left alone; one that is not named is not expired. One that throws ends the sweep: `Aborted`.
   */
  readonly dueKeys?: AsyncIterable<string> | undefined
  /** Whether nothing is written, and the keys that are due are only told. */
  readonly dryRun?: boolean | undefined
  /** Told of the record of each key that was expired, or is due in a dry run. What it throws is its own affair. */
  readonly onExpired?: ((record: IdempotencyRecord) => void) | undefined
  /** Told every so often how far the sweep is. What it throws is its own affair. */
  readonly onProgress?: ((progress: SweepProgress) => void) | undefined
  /** Ends the sweep after the batch at hand; what it did stands. */
  readonly signal?: AbortSignal | undefined
}

export const sweepMembers = noOthers<SweepOptions>({
  nowMs: true,
  maxKeys: true,
  batchSize: true,
  pauseMs: true,
  dueKeys: true,
  dryRun: true,
  onExpired: true,
  onProgress: true,
  signal: true
})

const most = 1000

const wholeFrom1 = (limit: number, wanted: string): Parser<number> =>
  matching(
    (value): value is number => Number.isSafeInteger(value) && Number(value) >= 1 && Number(value) <= limit,
    wanted
  )

const asyncIterable: Parser<AsyncIterable<string>> = matching(
  // what it gives is looked at as it comes
  (value): value is AsyncIterable<string> => isMembers(value) && Symbol.asyncIterator in value,
  'must be an async iterable of record ids'
)

/** Options that were read, once. */
export type Sweeping = {
  readonly now: Instant
  /** The time that each command carries; a clock's is taken anew at each. */
  readonly nowMs: Instant | undefined
  readonly maxKeys: number
  readonly batchSize: number
  readonly pauseMs: number
  readonly dueKeys: AsyncIterable<string> | undefined
  readonly dryRun: boolean
  readonly onExpired: NonNullable<SweepOptions['onExpired']>
  readonly onProgress: NonNullable<SweepOptions['onProgress']>
  readonly signal: AbortSignal | undefined
}

/** A listener whose faults end no sweep: it is told, and no more. */
const heard = <A>(listener: ((told: A) => void) | undefined) => telling<[A]>(listener, () => {})

export const parseSweep = (settings: Settings, options: SweepOptions): Parsed<Sweeping> => {
  const { onExpired, onProgress } = options
  return pipe(
    allOf({
      now: options.nowMs === undefined ? clockTime(settings.clock) : instant('$.nowMs', options.nowMs),
      maxKeys: optional(wholeFrom1(Number.MAX_SAFE_INTEGER, 'must be a whole number from 1 on'))(
        '$.maxKeys',
        options.maxKeys
      ),
      batchSize: defaulted(wholeFrom1(most, `must be a whole number from 1 to ${most}`), 100)(
        '$.batchSize',
        options.batchSize
      ),
      pauseMs: options.pauseMs === undefined ? E.right(100) : millis('$.pauseMs', options.pauseMs),
      dueKeys: optional(asyncIterable)('$.dueKeys', options.dueKeys),
      dryRun: defaulted(bool, false)('$.dryRun', options.dryRun),
      onExpired: optional(func)('$.onExpired', onExpired),
      onProgress: optional(func)('$.onProgress', onProgress),
      signal: signal('$.signal', options.signal)
    }),
    E.map((read) => ({
      ...read,
      nowMs: options.nowMs === undefined ? undefined : read.now,
      maxKeys: read.maxKeys ?? Number.POSITIVE_INFINITY,
      onExpired: heard(onExpired),
      onProgress: heard(onProgress)
    }))
  )
}
