import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as RA from 'fp-ts/ReadonlyArray'
import * as TE from 'fp-ts/TaskEither'
import { isLeaseOver } from '../../domain/due.ts'
import type { Failure } from '../../domain/failure.ts'
import { noOthers } from '../../domain/parsing/known-members.ts'
import { allOf, oneOf, optional, type Parsed } from '../../domain/parsing/parsed.ts'
import { optionalInstant } from '../../domain/parsing/values.ts'
import type { IdempotencyRecord, Status } from '../../domain/record.ts'
import { parseRequest } from '../requests/parse-request.ts'
import type { Settings } from '../settings.ts'
import { allRecords } from '../stream/scan.ts'
import { equals, parseScanFilter, type Scan, type ScanFilter, scanNames } from './scan-filter.ts'

/** Which records to list; what is left out does not narrow the list. */
export type ListFilter = ScanFilter & {
  /** Only records with this status. */
  readonly status?: Status | undefined
  /** Only records that were seen last at this time or later, epoch ms. */
  readonly seenFromMs?: number | undefined
  /** Only records without an outcome whose lease was over at this time, epoch ms. */
  readonly stuckAtMs?: number | undefined
}

/** What it takes to judge records. */
export type ListSettings = Pick<Settings, 'limits' | 'policy'>

const optionalStatus = optional(oneOf<Status>('reserved', 'completed', 'conflicted'))

const members = noOthers<ListFilter>({ ...scanNames, status: true, seenFromMs: true, stuckAtMs: true })

const parseFilter = (settings: ListSettings, filter: ListFilter): Parsed<Scan> =>
  pipe(
    allOf({
      scan: parseScanFilter(settings, filter),
      status: optionalStatus('$.status', filter.status),
      seenFrom: optionalInstant('$.seenFromMs', filter.seenFromMs),
      stuckAt: optionalInstant('$.stuckAtMs', filter.stuckAtMs)
    }),
    E.map(({ scan, status, seenFrom, stuckAt }) => ({
      ...scan,
      fits: (record) =>
        scan.fits(record) &&
        equals(status, record.status) &&
        (seenFrom === undefined || record.lastSeenAtMs >= seenFrom) &&
        (stuckAt === undefined || (record.outcome === undefined && isLeaseOver(record, stuckAt, settings.policy)))
    }))
  )

/** What a filter of records asks, or what is wrong with it. */
export const parseListFilter = (settings: ListSettings, filter: ListFilter): Parsed<Scan> =>
  parseRequest(settings, parseFilter, filter, members)

/** The records of all held keys that fit, by ascending record id. A plain scan of the log. */
export const list =
  (settings: Settings) =>
  (filter: ListFilter = {}): TE.TaskEither<Failure, ReadonlyArray<IdempotencyRecord>> =>
  () =>
    pipe(
      TE.fromEither(parseListFilter(settings, filter)),
      TE.flatMap(({ fits, ...listeners }) => pipe(allRecords(settings, listeners), TE.map(RA.filter(fits))))
    )()
