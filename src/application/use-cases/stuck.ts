import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as O from 'fp-ts/Option'
import * as RA from 'fp-ts/ReadonlyArray'
import * as TE from 'fp-ts/TaskEither'
import type { Failure } from '../../domain/failure.ts'
import { noOthers } from '../../domain/parsing/known-members.ts'
import { allOf, type Parsed } from '../../domain/parsing/parsed.ts'
import { instant } from '../../domain/parsing/values.ts'
import type { IdempotencyRecord } from '../../domain/record.ts'
import { type StuckReason, stuckReason } from '../../domain/stuck.ts'
import { clockTime } from '../ports/clock-time.ts'
import { parseRequest } from '../requests/parse-request.ts'
import type { Settings } from '../settings.ts'
import { allRecords } from '../stream/scan.ts'
import { parseScanFilter, type Scan, type ScanFilter, scanNames } from './scan-filter.ts'

/** Which records to look at, and as of when. */
export type StuckFilter = ScanFilter & {
  /** The caller's time, epoch ms; without it the ledger's clock is asked. */
  readonly nowMs?: number | undefined
}

/** A record of which nothing may come by itself, why, and since when. */
export type Stuck = StuckReason & {
  /** The record. */
  readonly record: IdempotencyRecord
}

/** What it takes to judge which records are stuck. */
export type StuckSettings = Pick<Settings, 'limits' | 'policy' | 'clock'>

/** Whether a record is stuck and wanted, and why it is; and who is told of what is come across. */
type StuckScan = Pick<Scan, 'onUnreadable' | 'onForeign'> & {
  readonly judge: (record: IdempotencyRecord) => Stuck | undefined
}

const members = noOthers<StuckFilter>({ ...scanNames, nowMs: true })

const parseFilter = (settings: StuckSettings, filter: StuckFilter): Parsed<StuckScan> =>
  pipe(
    allOf({
      scan: parseScanFilter(settings, filter),
      now: filter.nowMs === undefined ? clockTime(settings.clock) : instant('$.nowMs', filter.nowMs)
    }),
    E.map(({ scan: { fits, ...listeners }, now }) => ({
      ...listeners,
      judge: (record) => {
        const reason = fits(record) ? stuckReason(record, now, settings.policy) : undefined
        return reason && { record, ...reason }
      }
    }))
  )

/** What a filter of stuck records asks, or what is wrong with it. */
export const parseStuckFilter = (settings: StuckSettings, filter: StuckFilter): Parsed<StuckScan> =>
  parseRequest(settings, parseFilter, filter, members)

/**
 * The records that are held and have no outcome, and are in doubt, or whose lease is over or none; by ascending record id.
 * A plain scan of the log. What is taken over on demand stands here until somebody asks for it.
 */
export const stuck =
  (settings: Settings) =>
  (filter: StuckFilter = {}): TE.TaskEither<Failure, ReadonlyArray<Stuck>> =>
  () =>
    pipe(
      TE.fromEither(parseStuckFilter(settings, filter)),
      TE.flatMap(({ judge, ...listeners }) =>
        pipe(allRecords(settings, listeners), TE.map(RA.filterMap((record) => O.fromNullable(judge(record)))))
      )
    )()
