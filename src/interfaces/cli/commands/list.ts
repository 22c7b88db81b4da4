import { Option } from 'commander'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { IdempotencyRecord, Status } from '../../../domain/record.ts'
import { quoted } from '../../../domain/text.ts'
import { type Cli, type Shared, unlessStopped } from '../cli.ts'
import { shared } from '../options/shared.ts'
import { count, moment as momentOption } from '../options/values.ts'
import { moment } from '../shape/describe.ts'
import { recordJson } from '../shape/json.ts'
import { scanFindings } from '../shape/scan-findings.ts'
import { modeFor } from '../terminal/render.ts'
import { type Cell, each, headline, table, type View } from '../terminal/view.ts'

type Options = Shared & {
  readonly org?: string
  readonly workspace?: string
  readonly operation?: string
  readonly owner?: string
  readonly status?: Status
  readonly seenFrom?: number
  readonly limit?: number
  readonly strict?: boolean
}

const head = [
  'record id',
  'tenant',
  'operation',
  'key',
  'owner',
  'status',
  'outcome',
  'duplicates',
  'conflicts',
  'last seen'
]

const row = (record: IdempotencyRecord): ReadonlyArray<Cell> => {
  const { orgId, workspaceId, deploymentId } = record.tenant
  return [
    record.recordId,
    [orgId, workspaceId, ...(deploymentId === undefined ? [] : [deploymentId])].join('/'),
    record.operation,
    record.key,
    record.owner,
    record.status,
    record.outcome?.outcomeKind ?? '',
    record.duplicateCount,
    record.conflictCount,
    moment(record.lastSeenAtMs)
  ]
}

/** On a terminal a record id takes half the line, and its beginning tells records apart; `get` shows long texts whole. */
const shortened = (cells: ReadonlyArray<Cell>): ReadonlyArray<Cell> =>
  cells.map((cell, column) => {
    if (typeof cell === 'number') return cell
    return column === 0 ? `${cell.slice(0, 17)}…` : quoted(cell)
  })

const views = (cli: Cli, found: ReadonlyArray<IdempotencyRecord>, shown: number): ReadonlyArray<View> => {
  const records = found.slice(0, shown)
  const terminal = modeFor(cli.deps.stdout, cli.deps.env, false).form === 'terminal'
  const left = found.length - records.length
  const note =
    left > 0
      ? `${left} more; raise --limit to see them`
      : `${records.length} ${records.length === 1 ? 'record' : 'records'}`
  const rows = each(records, row)
  return [table(head, terminal ? each(rows, shortened) : rows), ...(terminal ? [headline(note, 'quiet')] : [])]
}

export const listCommand = (cli: Cli): void => {
  const command = cli.program
    .command('list')
    .description('list the records of all keys that are held, by record id; reads the whole log')
  shared(command)
    .option('--org <id>', 'only of this organisation')
    .option('--workspace <id>', 'only of this workspace')
    .option('--operation <name>', 'only of this operation')
    .option('--owner <name>', 'only of this owner')
    .addOption(new Option('--status <status>', 'only in this status').choices(['reserved', 'completed', 'conflicted']))
    .option('--seen-from <time>', 'only those seen last at this time or later', momentOption)
    .option('--limit <number>', 'at most so many', count)
    .option('--strict', 'fail where a stream cannot be read, in place of naming it and going on')
    .action(() => {
      const { org, workspace, limit = Number.POSITIVE_INFINITY, ...options } = command.optsWithGlobals<Options>()
      const findings = scanFindings(options.strict ?? false)
      return cli.answer(options, false, (ledger) =>
        pipe(
          unlessStopped(cli.signal)(
            ledger.list({
              orgId: org,
              workspaceId: workspace,
              operation: options.operation,
              owner: options.owner,
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
            views: views(cli, found, limit)
          }))
        )
      )
    })
}
