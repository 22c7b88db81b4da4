import type { Command } from 'commander'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { Failure } from '../../../domain/failure.ts'
import type { Json } from '../../../domain/json.ts'
import type { Cli, Shared } from '../cli.ts'
import { type ClaimOptions, claimFrom, claimOptions } from '../options/claim.ts'
import { jsonValue } from '../options/json-value.ts'
import { shared } from '../options/shared.ts'
import { type NowOption, nowOption } from '../options/time.ts'
import { answerReport } from '../shape/reports.ts'

type Options = Shared & NowOption & ClaimOptions & { readonly name: string; readonly data?: string }

export const recoveryPointCommand = (cli: Cli, command: Command): void => {
  nowOption(claimOptions(shared(command)))
    .requiredOption('--name <name>', 'what was reached, as the work itself calls it')
    .option('--data <json>', 'what whoever takes over needs to know of it; @FILE and @- read it')
    .action(() => {
      const options = command.optsWithGlobals<Options>()
      const given = claimFrom(cli, options, command)
      const data: TE.TaskEither<Failure, Json | undefined> =
        options.data === undefined ? TE.right(undefined) : jsonValue(cli, options.data, '--data')
      return cli.answer(options, false, (ledger) =>
        pipe(
          TE.Do,
          TE.bind('claim', () => given),
          TE.bind('data', () => data),
          TE.flatMap((point) =>
            ledger.reachRecoveryPoint({ ...point, name: options.name, nowMs: options.now, signal: cli.signal })
          ),
          TE.map(answerReport(cli.deps))
        )
      )
    })
}
