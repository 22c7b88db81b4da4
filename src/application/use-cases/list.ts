import { pipe } from 'fp-ts/function'
import * as RA from 'fp-ts/ReadonlyArray'
import * as TE from 'fp-ts/TaskEither'
import { isLeaseOver } from '../../domain/due.ts'
import type { Failure } from '../../domain/failure.ts'
import { allOf, optionalInstant } from '../../domain/parse.ts'
import type { IdempotencyRecord, Status } from '../../domain/record.ts'
import type { Settings } from '../settings.ts'
import { allRecords } from './scan.ts'

/** Which records to list; what is left out does not narrow the list. */
export type ListFilter = {
  readonly orgId?: string | undefined
  readonly workspaceId?: string | undefined
  readonly operation?: string | undefined
  readonly owner?: string | undefined
  readonly status?: Status | undefined
  /** Only records that were seen last at this time or later, epoch ms. */
  readonly seenFromMs?: number | undefined
  /** Only records without an outcome whose lease was over at this time, epoch ms. */
  readonly stuckAtMs?: number | undefined
}

const equals = <A>(wanted: A | undefined, actual: A): boolean => wanted === undefined || wanted === actual

/** The records of all held keys that fit, by ascending record id. A plain scan of the log. */
export const list =
  (settings: Settings) =>
  (filter: ListFilter = {}): TE.TaskEither<Failure, ReadonlyArray<IdempotencyRecord>> =>
    pipe(
      TE.fromEither(
        allOf({
          seenFrom: optionalInstant('$.seenFromMs', filter.seenFromMs),
          stuckAt: optionalInstant('$.stuckAtMs', filter.stuckAtMs)
        })
      ),
      TE.bind('records', () => allRecords(settings)),
      TE.map(({ records, seenFrom, stuckAt }) =>
        pipe(
          records,
          RA.filter(
            (record) =>
              equals(filter.orgId, record.tenant.orgId) &&
              equals(filter.workspaceId, record.tenant.workspaceId) &&
              equals(filter.operation, record.operation) &&
              equals(filter.owner, record.owner) &&
              equals(filter.status, record.status) &&
              (seenFrom === undefined || record.lastSeenAtMs >= seenFrom) &&
              (stuckAt === undefined || (record.outcome === undefined && isLeaseOver(record, stuckAt, settings.policy)))
          )
        )
      )
    )
