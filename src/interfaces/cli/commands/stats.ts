import type { Command } from 'commander'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { type Cli, type Shared, unlessStopped } from '../cli.ts'
import { type EventOptions, eventOptions, eventsFrom } from '../options/events.ts'
import { shared } from '../options/shared.ts'
import { duration } from '../options/values.ts'
import { scanFindings } from '../shape/scan-findings.ts'
import { statsJson, statsViews } from '../shape/stats.ts'

type Options = Shared & EventOptions & { readonly every?: number }

export const statsCommand = (cli: Cli, command: Command): void => {
  eventOptions(shared(command))
    .option('--every <length>', 'count events for each such length of time (default: 1h)', duration)
    .action(() => {
      const options = command.optsWithGlobals<Options>()
      const findings = scanFindings(options.strict ?? false)
      return cli.answer(options, false, (ledger) =>
        pipe(
          unlessStopped(cli.signal)(
            ledger.stats({ ...eventsFrom(options), bucketMs: options.every, ...findings.filter })
          ),
          TE.tapTask(() => () => findings.tell(cli)),
          TE.map((report) => ({
            json: { ...statsJson(report), ...findings.json() },
            views: statsViews(cli, report)
          }))
        )
      )
    })
}
