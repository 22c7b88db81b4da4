import type { SweepSummary } from '../../../application/use-cases/sweep/sweep.ts'
import type { IdempotencyRecord } from '../../../domain/record.ts'
import type { Cli } from '../cli.ts'
import { counted } from '../terminal/counted.ts'
import { at, each, headline, type Report } from '../terminal/view.ts'
import { type Source, sourceJson } from '../views/source.ts'
import { type FoundTable, foundViews, tenantCell } from './found.ts'
import { failureJson, recordJson } from './json.ts'

/** So many records that are due are listed; the others are counted. */
const maxListed = 1000

/** The records that a dry run found due, the first of them. */
export type DueRecords = {
  readonly add: (record: IdempotencyRecord) => void
  readonly listed: ReadonlyArray<IdempotencyRecord>
  readonly clear: () => void
}

export const dueRecords = (): DueRecords => {
  const listed: Array<IdempotencyRecord> = []
  return {
    add: (record) => {
      if (listed.length < maxListed) listed.push(record)
    },
    listed,
    clear: () => {
      listed.length = 0
    }
  }
}

const due: FoundTable<IdempotencyRecord> = {
  head: [
    'record id',
    { name: 'tenant', drop: 3 },
    'operation',
    'key',
    { name: 'owner', drop: 2 },
    { name: 'status', drop: 1 },
    'expires at'
  ],
  row: (record) => [
    record.recordId,
    tenantCell(record),
    record.operation,
    record.key,
    record.owner,
    record.status,
    at(record.expiresAtMs)
  ]
}

/** Each key that could not be read or expired, by record id. */
export const failedLines = ({ failed, failedCount }: SweepSummary): ReadonlyArray<string> => [
  ...failed.map(({ recordId, failure }) => `not swept: ${recordId}: ${failure._tag}: ${failure.message}`),
  ...(failedCount > failed.length ? [`… and ${failedCount - failed.length} more`] : [])
]

const saying = ({ ended, expired, notDue, events }: SweepSummary, dryRun: boolean, source: Source): string => {
  const found = dryRun ? `${expired} due, nothing was written` : `expired ${expired}`
  const others = notDue === 0 ? '' : `, ${notDue} not due after all`
  const early = { done: '', enough: '; there may be more', stopped: '; stopped early' }[ended]
  const among = source._tag === 'Views' ? 'by the view' : `of ${counted(events, 'event')}`
  return `${found}${others}, ${among}${early}`
}

/** What came of a sweep; of a dry run also which records are due. */
export const sweepReport =
  (cli: Cli, found: DueRecords | undefined) =>
  (summary: SweepSummary, source: Source): Report => {
    const { ended, events, expired, notDue, failed, failedCount } = summary
    return {
      json: {
        ended,
        events,
        [found === undefined ? 'expired' : 'due']: expired,
        not_due: notDue,
        failed: each(failed, ({ recordId, failure }) => ({ record_id: recordId, ...failureJson(failure) })),
        failed_count: failedCount,
        ...sourceJson(source),
        ...(found === undefined ? {} : { records: each([...found.listed], recordJson(cli.deps.toFileRecord)) })
      },
      views: [
        headline(saying(summary, found !== undefined, source), failedCount === 0 ? 'good' : 'notice'),
        ...(found === undefined || expired === 0 ? [] : foundViews(cli, due, found.listed, maxListed))
      ]
    }
  }
