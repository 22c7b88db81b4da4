import { setImmediate as others } from 'node:timers/promises'
import { type Command, Option } from 'commander'
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { TaskLedger } from '../../../application/ledger.ts'
import { type Failure, invalidInput } from '../../../domain/failure.ts'
import { type Cli, type Shared, stopped } from '../cli.ts'
import type { Fill } from '../export/fill.ts'
import type { ExportFormat, LineFormat } from '../export/lines.ts'
import { type ExportOptions, eventSource, recordSource, type Source } from '../export/sources.ts'
import { wholeFile } from '../export/whole-file.ts'
import { identitySecretIn } from '../options/identity-secret.ts'
import { shared } from '../options/shared.ts'
import { storeAddress } from '../options/store-address.ts'
import { moment } from '../options/values.ts'
import { type ScanFindings, scanFindings } from '../shape/scan-findings.ts'
import { counted } from '../terminal/counted.ts'
import { headline } from '../terminal/view.ts'
import { write } from '../terminal/write.ts'

type Options = Shared &
  Omit<ExportOptions, 'toStdout'> & {
    readonly format?: ExportFormat
    readonly what: 'records' | 'events'
    readonly force?: boolean
    readonly strict?: boolean
  }

const wholly = TE.flatMap((whole: boolean) => (whole ? TE.right<Failure, void>(undefined) : TE.left(stopped)))

const toStdout = ({ deps: { stdout }, signal }: Cli, fill: Fill): TE.TaskEither<Failure, void> =>
  wholly(
    fill(async (piece) => {
      // a file takes everything at once, and signals would never have their turn
      await others()
      return !signal.aborted && write(stdout, piece)
    })
  )

const notExportable = invalidInput(
  'records under an identity secret cannot be exported as the predecessor’s file: whoever loads it refuses record ids that are not plain'
)

const noEventsThere = invalidInput('the predecessor’s file has no place for events: --format ndjson or csv has')

type Plan =
  | { readonly what: 'records'; readonly format: ExportFormat }
  | { readonly what: 'events'; readonly format: LineFormat }

/** What is to be written and how, or why that cannot be, whatever the store holds. */
const planOf = (
  { deps: { env } }: Cli,
  { what, format }: Pick<Options, 'what' | 'format'>
): E.Either<Failure, Plan> => {
  if (what === 'events')
    return format === 'file' ? E.left(noEventsThere) : E.right({ what, format: format ?? 'ndjson' })
  if (format !== undefined && format !== 'file') return E.right({ what, format })
  return identitySecretIn(env) === undefined ? E.right({ what, format: 'file' }) : E.left(notExportable)
}

const sourceOf = (
  cli: Cli,
  ledger: TaskLedger,
  plan: Plan,
  options: ExportOptions,
  findings: ScanFindings
): TE.TaskEither<Failure, Source> =>
  plan.what === 'records'
    ? recordSource(cli, ledger, plan.format, options, findings)
    : TE.right(eventSource(cli, ledger, plan.format, options, findings))

export const exportCommand = (cli: Cli, command: Command): void => {
  command.argument('[file]', 'where to; - is stdout (default: stdout); compressed where its name ends in .gz')
  shared(command)
    .addOption(new Option('--what <kind>', 'what to write').choices(['records', 'events']).default('records'))
    .addOption(
      new Option(
        '--format <format>',
        'the predecessor’s file (default for records), JSON lines (default for events), or CSV'
      ).choices(['file', 'ndjson', 'csv'])
    )
    .option('--org <id>', 'only of this organisation')
    .option('--workspace <id>', 'only of this workspace')
    .option('--operation <name>', 'only of this operation')
    .option('--from <time>', 'only events recorded, or records seen last, at this time or later', moment)
    .option('--until <time>', 'only events recorded, or records seen last, before this time', moment)
    .option('--force', 'replace the file where it is there already')
    .option('--strict', 'fail where a stream cannot be read, or a key is in doubt, in place of naming it and going on')
    .action((named: string | undefined) => {
      const file = named === '-' ? undefined : named
      const given = command.optsWithGlobals<Options>()
      const { what, force = false, strict = false } = given
      const plan = planOf(cli, given)
      if (E.isLeft(plan)) return cli.fail(plan.left)
      const options = { ...given, toStdout: file === undefined }
      const findings = scanFindings(strict)
      return cli.run(given, false, (ledger) =>
        pipe(
          sourceOf(cli, ledger, plan.right, options, findings),
          TE.flatMap((source) => {
            const fault = strict ? source.doubts.fault() : undefined
            return fault === undefined ? TE.right(source) : TE.left(fault)
          }),
          TE.tapTask(
            ({ doubts }) =>
              () =>
                doubts.tell(cli)
          ),
          TE.flatMap(({ fill, count, doubts }) => {
            if (file === undefined) return toStdout(cli, fill)
            return pipe(
              TE.fromEither(storeAddress(given.store, cli.deps.env)),
              TE.flatMap((store) => wholly(wholeFile(cli.signal, file, fill, force, store))),
              TE.tapTask(
                () => () =>
                  cli.print(
                    {
                      json: { exported: count(), file, ...findings.json(), ...doubts.json() },
                      views: [headline(`exported ${counted(count(), what.slice(0, -1))} to ${file}`, 'good')]
                    },
                    given
                  )
              )
            )
          }),
          TE.tapTask(() => () => findings.tell(cli))
        )
      )
    })
}
