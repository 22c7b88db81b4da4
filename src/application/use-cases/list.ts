import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as RA from 'fp-ts/ReadonlyArray'
import * as TE from 'fp-ts/TaskEither'
import { isLeaseOver } from '../../domain/due.ts'
import type { Failure } from '../../domain/failure.ts'
import { allOf, matching, optional, type Parsed } from '../../domain/parsing/parsed.ts'
import { func, optionalInstant } from '../../domain/parsing/values.ts'
import { type IdempotencyRecord, isStatus, type Status } from '../../domain/record.ts'
import { parseRequest } from '../requests/parse-request.ts'
import { optionalText } from '../requests/text.ts'
import type { Settings } from '../settings.ts'
import { allRecords, type UnreadableStream } from '../stream/scan.ts'

/** Which records to list; what is left out does not narrow the list. */
export type ListFilter = {
  /** Only records of this organisation. */
  readonly orgId?: string | undefined
  /** Only records of this workspace. */
  readonly workspaceId?: string | undefined
  /** Only records of this operation. */
  readonly operation?: string | undefined
  /** Only records that this owner reserved. */
  readonly owner?: string | undefined
  /** Only records with this status. */
  readonly status?: Status | undefined
  /** Only records that were seen last at this time or later, epoch ms. */
  readonly seenFromMs?: number | undefined
  /** Only records without an outcome whose lease was over at this time, epoch ms. */
  readonly stuckAtMs?: number | undefined
  /**
   * Told of each stream that cannot be read, which is then left out. Without it the scan goes on to its end all the same,
   * and fails by the first of them. One that throws ends the scan: `Aborted`.
   */
  readonly onUnreadable?: ((stream: UnreadableStream) => void) | undefined
  /** Told of each stream that only begins like one of a key, and is left out. One that throws ends the scan: `Aborted`. */
  readonly onForeign?: ((stream: string) => void) | undefined
}

const optionalStatus = optional(matching(isStatus, 'must be reserved, completed or conflicted'))

/** What it takes and gives, only its type says. */
const listener = <L>(path: string, told: L): Parsed<L> =>
  pipe(
    optional(func)(path, told),
    E.map(() => told)
  )

const equals = <A>(wanted: A | undefined, actual: A): boolean => wanted === undefined || wanted === actual

type Parts = Pick<ListFilter, 'onUnreadable' | 'onForeign'> & { readonly fits: (record: IdempotencyRecord) => boolean }

const parseFilter = (settings: Settings, filter: ListFilter): Parsed<Parts> =>
  pipe(
    allOf({
      orgId: optionalText(settings.limits, '$.orgId', filter.orgId),
      workspaceId: optionalText(settings.limits, '$.workspaceId', filter.workspaceId),
      operation: optionalText(settings.limits, '$.operation', filter.operation),
      owner: optionalText(settings.limits, '$.owner', filter.owner),
      status: optionalStatus('$.status', filter.status),
      seenFrom: optionalInstant('$.seenFromMs', filter.seenFromMs),
      stuckAt: optionalInstant('$.stuckAtMs', filter.stuckAtMs),
      onUnreadable: listener('$.onUnreadable', filter.onUnreadable),
      onForeign: listener('$.onForeign', filter.onForeign)
    }),
    E.map(({ orgId, workspaceId, operation, owner, status, seenFrom, stuckAt, onUnreadable, onForeign }) => ({
      onUnreadable,
      onForeign,
      fits: (record) =>
        equals(orgId, record.tenant.orgId) &&
        equals(workspaceId, record.tenant.workspaceId) &&
        equals(operation, record.operation) &&
        equals(owner, record.owner) &&
        equals(status, record.status) &&
        (seenFrom === undefined || record.lastSeenAtMs >= seenFrom) &&
        (stuckAt === undefined || (record.outcome === undefined && isLeaseOver(record, stuckAt, settings.policy)))
    }))
  )

/** The records of all held keys that fit, by ascending record id. A plain scan of the log. */
export const list =
  (settings: Settings) =>
  (filter: ListFilter = {}): TE.TaskEither<Failure, ReadonlyArray<IdempotencyRecord>> =>
  () =>
    pipe(
      TE.fromEither(parseRequest(settings, parseFilter, filter)),
      TE.flatMap(({ fits, ...listeners }) => pipe(allRecords(settings, listeners), TE.map(RA.filter(fits))))
    )()
