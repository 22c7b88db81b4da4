import { type Command, Option } from 'commander'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { isInDoubt } from '../../../domain/due.ts'
import type { IdempotencyRecord, Status } from '../../../domain/record.ts'
import { type Cli, type Shared, unlessStopped } from '../cli.ts'
import { foundOptions, type ScanOptions, scanFrom, scanOptions } from '../options/scan.ts'
import { shared } from '../options/shared.ts'
import { moment as momentOption } from '../options/values.ts'
import { type FoundTable, foundViews, tenantCell } from '../shape/found.ts'
import { recordJson } from '../shape/json.ts'
import { scanFindings } from '../shape/scan-findings.ts'
import { at, each } from '../terminal/view.ts'
import { answerStuck } from './stuck.ts'

type Options = Shared & ScanOptions & { readonly status?: Status; readonly seenFrom?: number; readonly stuck?: boolean }

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
    scanOptions(shared(command))
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
    return cli.answer(options, false, (ledger) =>
      pipe(
        unlessStopped(cli.signal)(
          ledger.list({
            ...scanFrom(options),
            status: options.status,
            seenFromMs: options.seenFrom,
            ...findings.filter
          })
        ),
        TE.tapTask(() => () => findings.tell(cli)),
        TE.map((found) => ({
          json: {
            records: each(found.slice(0, limit), recordJson(cli.deps.toFileRecord)),
            found: found.length,
            ...findings.json()
          },
          views: foundViews(cli, records, found, limit)
        }))
      )
    )
  })
}
