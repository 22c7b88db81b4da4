import type { Command } from 'commander'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { Cli, Shared } from '../cli.ts'
import { type ClaimOptions, claimFrom, claimOptions } from '../options/claim.ts'
import { shared } from '../options/shared.ts'
import { type NowOption, nowOption } from '../options/time.ts'
import { answerReport } from '../shape/reports.ts'

type Options = Shared & NowOption & ClaimOptions & { readonly note?: string }

export const inDoubtCommand = (cli: Cli, command: Command): void => {
  nowOption(claimOptions(shared(command)))
    .option('--note <why>', 'why; kept in the history')
    .action(() => {
      const options = command.optsWithGlobals<Options>()
      const given = claimFrom(cli, options, command)
      return cli.answer(options, false, (ledger) =>
        pipe(
          given,
          TE.flatMap((claim) =>
            ledger.markInDoubt({ claim, note: options.note, nowMs: options.now, signal: cli.signal })
          ),
          TE.map(answerReport(cli.deps))
        )
      )
    })
}
