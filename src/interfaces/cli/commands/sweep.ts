import { type Command, Option } from 'commander'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { TaskLedger } from '../../../application/ledger.ts'
import type { SweepSummary } from '../../../application/use-cases/sweep/sweep.ts'
import type { Failure } from '../../../domain/failure.ts'
import { type Cli, type Shared, stopped } from '../cli.ts'
import { exit } from '../errors/exit-codes.ts'
import { shared } from '../options/shared.ts'
import { type NowOption, nowOption } from '../options/time.ts'
import { count, duration, interval } from '../options/values.ts'
import { type ReportOptions, reportOptions } from '../options/views.ts'
import { type DueRecords, dueRecords, failedLines, sweepReport } from '../shape/sweep.ts'
import { type Due, dueByView } from '../sweep/due-by-view.ts'
import { everySoOften } from '../sweep/every-so-often.ts'
import { counter } from '../terminal/progress.ts'
import { sourceRemark } from '../views/asked-of-views.ts'
import type { Source } from '../views/source.ts'

type Options = Shared &
  NowOption &
  ReportOptions & {
    readonly watch?: boolean
    readonly every: number
    readonly dryRun?: boolean
    readonly maxKeys?: number
    readonly batch?: number
    readonly pause?: number
  }

/** What came of one sweep, and where it had its keys from. */
type Swept = { readonly summary: SweepSummary; readonly source: Source }

/** One sweep of the keys that are given; what it named is told on stderr. */
const sweepOf = (
  cli: Cli,
  ledger: TaskLedger,
  options: Options,
  due: DueRecords | undefined,
  { recordIds, source, broken }: Due
): TE.TaskEither<Failure, Swept> => {
  const byScan = recordIds === undefined
  const bar = counter(cli.deps, 'sweeping', byScan ? 'events' : 'keys')
  const sweep = ledger.sweep({
    nowMs: options.now,
    maxKeys: options.maxKeys,
    batchSize: options.batch,
    pauseMs: options.pause,
    dueKeys: recordIds,
    dryRun: options.dryRun,
    onExpired: due?.add,
    onProgress: ({ events, expired }) => bar.at(byScan ? events : expired),
    signal: cli.signal
  })
  return pipe(
    () => sweep().finally(bar.stop),
    TE.tapTask((summary) => async () => {
      if (summary.failedCount > 0) await cli.remark(failedLines(summary), exit.incomplete)
    }),
    TE.bimap(
      (failed) => broken() ?? failed,
      (summary) => ({ summary, source })
    )
  )
}

/** Sweeps as often as it is called. Where the keys come from is told when that is another than before. */
const sweeper = (cli: Cli, ledger: TaskLedger, options: Options, due: DueRecords | undefined) => {
  let told = ''
  return (): TE.TaskEither<Failure, Swept> =>
    pipe(
      TE.fromTask(() => dueByView(cli, options, options.now ?? cli.deps.now())),
      TE.tapTask(({ source }) => async () => {
        const remark = sourceRemark(cli, options, source)
        if (remark.join() !== told) await cli.remark(remark)
        told = remark.join()
      }),
      TE.flatMap((from) => sweepOf(cli, ledger, options, due, from))
    )
}

export const sweepCommand = (cli: Cli, command: Command): void => {
  reportOptions(nowOption(shared(command)))
    .option('--watch', 'sweep again and again, until it is stopped by a signal')
    .addOption(
      new Option('--every <length>', 'with --watch: how long it is from one sweep to the next')
        .argParser(interval)
        .default(60_000, '1m')
    )
    .option('--dry-run', 'write nothing, and list the keys that are due')
    .option('--max-keys <number>', 'at most so many keys a sweep', count)
    .option('--batch <number>', 'how many keys are expired at once (default: 100)', count)
    .option('--pause <length>', 'wait at most so long between two batches (default: 100ms)', duration)
    .action(() => {
      const options = command.optsWithGlobals<Options>()
      return cli.run(options, false, (ledger) => {
        const due = options.dryRun === true ? dueRecords() : undefined
        const report = sweepReport(cli, due)
        const sweepOnce = sweeper(cli, ledger, options, due)
        const sweepAndTell = () =>
          pipe(
            sweepOnce(),
            TE.tapTask(
              ({ summary, source }) =>
                () =>
                  cli.print(report(summary, source), options)
            )
          )
        if (options.watch === true) {
          return everySoOften(cli, options.every, () =>
            pipe(
              sweepAndTell(),
              TE.map(() => due?.clear())
            )
          )
        }
        // one that a signal stopped did what it did, and is not answered
        return pipe(
          sweepAndTell(),
          TE.flatMap(({ summary: { ended } }) => (ended === 'stopped' ? TE.left(stopped) : TE.right(undefined)))
        )
      })
    })
}
