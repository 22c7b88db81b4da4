import type { Command } from 'commander'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { TaskLedger } from '../../../application/ledger.ts'
import type { Failure } from '../../../domain/failure.ts'
import type { IdempotencyRecord } from '../../../domain/record.ts'
import { type Cli, type Shared, stopped } from '../cli.ts'
import { fileToRead } from '../input/file-to-read.ts'
import { shared } from '../options/shared.ts'
import { type NowOption, nowOption } from '../options/time.ts'
import { lease } from '../options/values.ts'
import { ofCallersJson } from '../shape/snake-case.ts'
import { progress } from '../terminal/progress.ts'
import { headline, type Report } from '../terminal/view.ts'

type Options = Shared & NowOption & { readonly lease?: number | 'none'; readonly source: string }
type Records = ReadonlyArray<IdempotencyRecord>

async function* bytesOf(
  { deps, signal }: Cli,
  file: string,
  onSize: (bytes: number) => void
): AsyncGenerator<Uint8Array> {
  if (file === '-') return yield* deps.stdin
  const { bytes, size } = await fileToRead(file, signal)
  onSize(size)
  yield* bytes
}

const readIn =
  (cli: Cli, file: string): TE.TaskEither<Failure, Records> =>
  () => {
    const { deps, signal } = cli
    const bar = progress(deps, 'reading', 0, 'bytes')
    let size = 0
    const chunks = bytesOf(cli, file, (bytes) => {
      size = bytes
    })
    const read = deps.readRecords(chunks, { onProgress: (bytes) => bar.at(bytes, size) })
    return pipe(
      async () => read().finally(bar.stop),
      TE.mapLeft((failed) => (signal.aborted ? stopped : ofCallersJson(failed))),
      TE.filterOrElse(
        () => !signal.aborted,
        () => stopped
      )
    )()
  }

const bringIn = (cli: Cli, ledger: TaskLedger, records: Records, options: Options): TE.TaskEither<Failure, Report> => {
  // each record is checked, and then written
  const bar = progress(cli.deps, 'importing', 2 * records.length)
  const imported = ledger.importRecords(records, {
    source: options.source,
    leaseMs: options.lease === 'none' ? undefined : options.lease,
    nowMs: options.now,
    signal: cli.signal,
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

export const importCommand = (cli: Cli, command: Command): void => {
  command.argument('<file>', 'the JSON file of the system that keyfold succeeds; - reads stdin')
  nowOption(shared(command))
    .option('--lease <length>', 'an end for the keys in flight: 1h, 7d, …; without one they stay blocked', lease)
    .option('--source <name>', 'where the file comes from; kept in the history', 'predecessor-file')
    .action((file: string) => {
      const options = command.optsWithGlobals<Options>()
      return cli.answerGiven(
        options,
        readIn(cli, file),
        (records) => (ledger) => bringIn(cli, ledger, records, options)
      )
    })
}
