import type { Command } from 'commander'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { TaskLedger } from '../../../application/ledger.ts'
import type { SweepSummary } from '../../../application/use-cases/sweep/sweep.ts'
import type { Failure } from '../../../domain/failure.ts'
import { type Cli, type Shared, stopped } from '../cli.ts'
import { exit } from '../errors/exit-codes.ts'
import { shared } from '../options/shared.ts'
import { type NowOption, nowOption } from '../options/time.ts'
import { count, duration } from '../options/values.ts'
import { type DueRecords, dueRecords, failedLines, sweepReport } from '../shape/sweep.ts'
import { everySoOften } from '../sweep/every-so-often.ts'
import { counter } from '../terminal/progress.ts'

type Options = Shared &
  NowOption & {
    readonly watch?: boolean
    readonly every: number
    readonly dryRun?: boolean
    readonly maxKeys?: number
    readonly batch?: number
    readonly pause?: number
  }

/** One sweep; what it named is told on stderr. One that a signal stopped did what it did, and is not answered. */
const sweepOnce = (
  cli: Cli,
  ledger: TaskLedger,
  options: Options,
  due: DueRecords | undefined
): TE.TaskEither<Failure, SweepSummary> => {
  const bar = counter(cli.deps, 'sweeping', 'events')
  const sweep = ledger.sweep({
    nowMs: options.now,
    maxKeys: options.maxKeys,
    batchSize: options.batch,
    pauseMs: options.pause,
    dryRun: options.dryRun,
    onExpired: due?.add,
    onProgress: ({ events }) => bar.at(events),
    signal: cli.signal
  })
  return pipe(
    () => sweep().finally(bar.stop),
    TE.tapTask((summary) => async () => {
      if (summary.failedCount > 0) await cli.remark(failedLines(summary), exit.incomplete)
    })
  )
}

export const sweepCommand = (cli: Cli, command: Command): void => {
  nowOption(shared(command))
    .option('--watch', 'sweep again and again, until it is stopped by a signal')
    .option(
      '--every <length>',
      'with --watch: how long it is from one sweep to the next (default: 1m)',
      duration,
      60_000
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
        if (options.watch === true) {
          return everySoOften(cli, options.every, () =>
            pipe(
              sweepOnce(cli, ledger, options, due),
              TE.tapTask((summary) => () => cli.print(report(summary), options)),
              TE.map(() => due?.clear())
            )
          )
        }
        return pipe(
          sweepOnce(cli, ledger, options, due),
          TE.tapTask((summary) => () => cli.print(report(summary), options)),
          TE.flatMap(({ ended }) => (ended === 'stopped' ? TE.left(stopped) : TE.right(undefined)))
        )
      })
    })
}
