import type { Command } from 'commander'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { Cli, Shared, Use } from '../cli.ts'
import { type ClaimOptions, claimFrom, claimOptions, hasClaim } from '../options/claim.ts'
import { type KeyOptions, keyFrom, tenantOptions } from '../options/key.ts'
import { type OutcomeOptions, outcomeFrom, outcomeOptions } from '../options/outcome.ts'
import { shared } from '../options/shared.ts'
import { type NowOption, nowOption, type RetentionOptions, retentionOptions } from '../options/time.ts'
import { answerReport } from '../shape/reports.ts'
import type { Report } from '../terminal/view.ts'

type Options = Shared &
  NowOption &
  RetentionOptions &
  ClaimOptions &
  OutcomeOptions &
  Partial<KeyOptions> & { readonly byKeyUnfenced?: boolean }

const fenced = (cli: Cli, options: Options, command: Command): Use<Report> => {
  const claim = claimFrom(cli, options, command)
  const outcome = outcomeFrom(cli, options, command)
  return (ledger) =>
    pipe(
      TE.Do,
      TE.bind('claim', () => claim),
      TE.bind('outcome', () => outcome),
      TE.flatMap((given) =>
        ledger.complete({
          ...given,
          expiresAtMs: options.expiresAt,
          retentionMs: options.retention,
          nowMs: options.now,
          signal: cli.signal
        })
      ),
      TE.map(answerReport(cli.deps))
    )
}

const unfenced = (cli: Cli, options: Options, command: Command): Use<Report> => {
  const { operation, key } = options
  if (operation === undefined || key === undefined || hasClaim(options)) {
    return command.error('error: --by-key-unfenced goes with --operation and --key, and without a claim')
  }
  if (options.expiresAt !== undefined || options.retention !== undefined) {
    return command.error('error: only a fenced complete restates the retention')
  }
  const outcome = outcomeFrom(cli, options, command)
  return (ledger) =>
    pipe(
      outcome,
      TE.flatMap((given) =>
        ledger.completeByKey({
          ...keyFrom({ ...options, operation, key }),
          outcome: given,
          nowMs: options.now,
          signal: cli.signal
        })
      ),
      TE.map(answerReport(cli.deps))
    )
}

export const completeCommand = (cli: Cli, command: Command): void => {
  retentionOptions(nowOption(outcomeOptions(claimOptions(shared(command)))))
    .option('--by-key-unfenced', 'the predecessor’s form: by key and without a claim, the last one wins')
    .option('--operation <name>', 'with --by-key-unfenced: what the key is used for')
    .option('--key <key>', 'with --by-key-unfenced: the idempotency key')
  tenantOptions(command).action(() => {
    const options = command.optsWithGlobals<Options>()
    const use = options.byKeyUnfenced === true ? unfenced : fenced
    return cli.answer(options, false, use(cli, options, command))
  })
}
