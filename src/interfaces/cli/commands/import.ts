import { readFile } from 'node:fs/promises'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { TaskLedger } from '../../../application/ledger.ts'
import { type Failure, failure } from '../../../domain/failure.ts'
import type { IdempotencyRecord } from '../../../domain/record.ts'
import type { Cli, Shared } from '../cli.ts'
import { shared } from '../options/shared.ts'
import { type NowOption, nowOption } from '../options/time.ts'
import { lease } from '../options/values.ts'
import { progress } from '../terminal/progress.ts'
import { headline, type Report } from '../terminal/view.ts'

type Options = Shared & NowOption & { readonly lease?: number | 'none'; readonly source: string }

const codeOf = (cause: unknown): string =>
  typeof cause === 'object' && cause !== null && 'code' in cause ? ` (${String(cause.code)})` : ''

const readBytes = (file: string): TE.TaskEither<Failure, Uint8Array> =>
  TE.tryCatch(
    () => readFile(file),
    (cause) => failure('ImportRefused', `the file ${file} cannot be read${codeOf(cause)}`, { cause })
  )

const bringIn = (
  cli: Cli,
  ledger: TaskLedger,
  records: ReadonlyArray<IdempotencyRecord>,
  options: Options
): TE.TaskEither<Failure, Report> => {
  // each record is checked, and then written
  const bar = progress(cli.deps, 'importing', 2 * records.length)
  const imported = ledger.importRecords(records, {
    source: options.source,
    leaseMs: options.lease === 'none' ? undefined : options.lease,
    nowMs: options.now,
    onProgress: ({ checked, written }) => bar.at(checked + written)
  })
  return pipe(
    async () => imported().finally(bar.stop),
    TE.map((summary) => ({
      json: { ...summary, records: records.length },
      views: [headline(`imported ${summary.imported}, skipped ${summary.skipped} that stood already`, 'good')]
    }))
  )
}

export const importCommand = (cli: Cli): void => {
  const command = cli.program
    .command('import')
    .argument('<file>', 'the JSON file of the system that keyfold succeeds')
    .description('bring the keys of the predecessor’s file in, all or none')
  nowOption(shared(command))
    .option('--lease <length>', 'an end for the keys in flight: 1h, 7d, …; without one they stay blocked', lease)
    .option('--source <name>', 'where the file comes from; kept in the history', 'predecessor-file')
    .action((file: string) => {
      const options = command.optsWithGlobals<Options>()
      return cli.answer(options, true, (ledger) =>
        pipe(
          readBytes(file),
          TE.flatMapEither(cli.deps.readRecords),
          TE.flatMap((records) => bringIn(cli, ledger, records, options))
        )
      )
    })
}
