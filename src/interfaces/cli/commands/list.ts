import { type Command, Option } from 'commander'
import { keyIndex, listed } from '../../../application/projections/shipped/key-index.ts'
import { isInDoubt } from '../../../domain/due.ts'
import type { IdempotencyRecord, Status } from '../../../domain/record.ts'
import type { Cli, Shared } from '../cli.ts'
import { foundOptions, type ScanOptions, scanFrom, scanOptions } from '../options/scan.ts'
import { shared } from '../options/shared.ts'
import { moment as momentOption } from '../options/values.ts'
import { type ReportOptions, reportOptions } from '../options/views.ts'
import { type FoundTable, foundViews, tenantCell } from '../shape/found.ts'
import { recordJson } from '../shape/json.ts'
import { scanFindings } from '../shape/scan-findings.ts'
import { at, each } from '../terminal/view.ts'
import { answerByViews } from '../views/answer-by-views.ts'
import { asDefault, ofOneView } from '../views/of-one-view.ts'
import { sourceJson } from '../views/source.ts'
import { answerStuck } from './stuck.ts'

type Options = Shared &
  ScanOptions &
  ReportOptions & { readonly status?: Status; readonly seenFrom?: number; readonly stuck?: boolean }

const records: FoundTable<IdempotencyRecord> = {
  head: [
    'record id',
    { name: 'tenant', drop: 6 },
    'operation',
    'key',
    { name: 'owner', drop: 5 },
    'status',
    { name: 'outcome', drop: 4 },
    { name: 'duplicates', drop: 2 },
    { name: 'conflicts', drop: 3 },
    { name: 'last seen', drop: 7 },
    { name: 'points', drop: 1 }
  ],
  row: (record) => [
    record.recordId,
    tenantCell(record),
    record.operation,
    record.key,
    record.owner,
    isInDoubt(record) ? `${record.status}, in doubt` : record.status,
    record.outcome?.outcomeKind ?? '',
    record.duplicateCount,
    record.conflictCount,
    at(record.lastSeenAtMs),
    record.recoveryPoints?.length ?? 0
  ]
}

export const listCommand = (cli: Cli, command: Command): void => {
  foundOptions(
    reportOptions(scanOptions(shared(command)))
      .addOption(
        new Option('--status <status>', 'only in this status').choices(['reserved', 'completed', 'conflicted'])
      )
      .option('--seen-from <time>', 'only those seen last at this time or later', momentOption)
      .addOption(
        new Option('--stuck', 'only those of which nothing may come by itself, answered as by stuck').conflicts([
          'status',
          'seenFrom'
        ])
      )
  ).action(() => {
    const given = command.optsWithGlobals<Options>()
    if (given.stuck === true) return answerStuck(cli, given)
    const { limit = Number.POSITIVE_INFINITY, ...options } = given
    const findings = scanFindings(options.strict ?? false)
    const filter = { ...scanFrom(options), status: options.status, seenFromMs: options.seenFrom }
    return answerByViews(cli, options, {
      ofViews: (projections) => ofOneView(projections.view(keyIndex), listed(asDefault(cli), filter)),
      byScan: (ledger) => ledger.list({ ...filter, ...findings.filter }),
      findings,
      report: (found, source) => ({
        json: {
          records: each(found.slice(0, limit), recordJson(cli.deps.toFileRecord)),
          found: found.length,
          ...sourceJson(source),
          ...findings.json()
        },
        views: foundViews(cli, records, found, limit)
      })
    })
  })
}
