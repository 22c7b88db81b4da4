import type { Command } from 'commander'
import { stuckAt, stuckKeys } from '../../../application/projections/shipped/stuck-keys.ts'
import type { Stuck } from '../../../application/use-cases/stuck.ts'
import type { Cli, Shared } from '../cli.ts'
import { foundOptions, type ScanOptions, scanFrom, scanOptions } from '../options/scan.ts'
import { shared } from '../options/shared.ts'
import { type NowOption, nowOption } from '../options/time.ts'
import { type ReportOptions, reportOptions } from '../options/views.ts'
import { type FoundTable, foundViews, tenantCell } from '../shape/found.ts'
import { recordJson } from '../shape/json.ts'
import { scanFindings } from '../shape/scan-findings.ts'
import { at, each } from '../terminal/view.ts'
import { answerByViews } from '../views/answer-by-views.ts'
import { asDefault, ofOneView } from '../views/of-one-view.ts'
import { sourceJson } from '../views/source.ts'

type Options = Shared & ScanOptions & ReportOptions & NowOption

/** Each reason by its name in JSON, and in words. */
const reasons: { readonly [why in Stuck['why']]: readonly [name: string, words: string] } = {
  inDoubt: ['in_doubt', 'in doubt'],
  leaseOver: ['lease_over', 'lease over'],
  noLease: ['no_lease', 'no lease']
}

const stuckRecords: FoundTable<Stuck> = {
  head: [
    'record id',
    { name: 'tenant', drop: 4 },
    'operation',
    'key',
    { name: 'owner', drop: 3 },
    'why',
    { name: 'since', drop: 5 },
    { name: 'last point', drop: 2 },
    { name: 'note', drop: 1 }
  ],
  row: ({ record, why, sinceMs }) => [
    record.recordId,
    tenantCell(record),
    record.operation,
    record.key,
    record.owner,
    reasons[why][1],
    at(sinceMs),
    record.recoveryPoints?.at(-1)?.name ?? '',
    record.inDoubt?.note ?? ''
  ]
}

/** Answers which keys are stuck, for this command and for `list --stuck`. */
export const answerStuck = (cli: Cli, { limit = Number.POSITIVE_INFINITY, ...options }: Options): Promise<void> => {
  const findings = scanFindings(options.strict ?? false)
  const toJson = recordJson(cli.deps.toFileRecord)
  const filter = { ...scanFrom(options), nowMs: options.now }
  return answerByViews(cli, options, {
    ofViews: (projections) => ofOneView(projections.view(stuckKeys), stuckAt(asDefault(cli), filter)),
    byScan: (ledger) => ledger.stuck({ ...filter, ...findings.filter }),
    findings,
    report: (found, source) => ({
      json: {
        stuck: each(found.slice(0, limit), ({ record, why, sinceMs }) => ({
          why: reasons[why][0],
          since_ms: sinceMs,
          record: toJson(record)
        })),
        found: found.length,
        ...sourceJson(source),
        ...findings.json()
      },
      views: foundViews(cli, stuckRecords, found, limit)
    })
  })
}

export const stuckCommand = (cli: Cli, command: Command): void => {
  foundOptions(reportOptions(nowOption(scanOptions(shared(command))))).action(() =>
    answerStuck(cli, command.optsWithGlobals<Options>())
  )
}
