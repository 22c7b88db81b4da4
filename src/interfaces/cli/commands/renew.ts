import type { Command } from 'commander'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { Cli, Shared } from '../cli.ts'
import { type ClaimOptions, claimFrom, claimOptions } from '../options/claim.ts'
import { shared } from '../options/shared.ts'
import { type NowOption, nowOption } from '../options/time.ts'
import { duration } from '../options/values.ts'
import { answerReport } from '../shape/reports.ts'

type Options = Shared & NowOption & ClaimOptions & { readonly lease: number }

export const renewCommand = (cli: Cli, command: Command): void => {
  nowOption(claimOptions(shared(command)))
    .requiredOption('--lease <length>', 'how long from now on: 30s, 5m, …', duration)
    .action(() => {
      const options = command.optsWithGlobals<Options>()
      const given = claimFrom(cli, options, command)
      return cli.answer(options, false, (ledger) =>
        pipe(
          given,
          TE.flatMap((claim) =>
            ledger.renew({ claim, leaseMs: options.lease, nowMs: options.now, signal: cli.signal })
          ),
          TE.map(answerReport(cli.deps))
        )
      )
    })
}
