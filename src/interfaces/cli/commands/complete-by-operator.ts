import type { Command } from 'commander'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { Cli, Shared } from '../cli.ts'
import { type KeyOptions, keyFrom, keyOptions } from '../options/key.ts'
import { type OperatorOptions, operatorOptions } from '../options/operator.ts'
import { type OutcomeOptions, outcomeFrom, outcomeOptions } from '../options/outcome.ts'
import { shared } from '../options/shared.ts'
import { type NowOption, nowOption } from '../options/time.ts'
import { answerReport } from '../shape/reports.ts'

type Options = Shared & KeyOptions & NowOption & OperatorOptions & OutcomeOptions

export const completeByOperatorCommand = (cli: Cli, command: Command): void => {
  operatorOptions(nowOption(outcomeOptions(keyOptions(shared(command))))).action(() => {
    const options = command.optsWithGlobals<Options>()
    const given = outcomeFrom(cli, options, command)
    return cli.answer(options, false, (ledger) =>
      pipe(
        given,
        TE.flatMap((outcome) =>
          ledger.completeByOperator({
            ...keyFrom(options),
            outcome,
            actor: options.by,
            note: options.note,
            nowMs: options.now,
            signal: cli.signal
          })
        ),
        TE.map(answerReport(cli.deps))
      )
    )
  })
}
