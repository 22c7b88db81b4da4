import type { Command } from 'commander'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { runBatch } from '../batch/run-batch.ts'
import type { Cli, Shared } from '../cli.ts'
import { shared } from '../options/shared.ts'

const waits = 'batch waits for commands on this terminal, one JSON object a line; Ctrl-D ends it'

export const batchCommand = (cli: Cli, command: Command): void => {
  shared(command).action(() => {
    const options = command.optsWithGlobals<Shared>()
    return cli.run(options, true, (ledger) =>
      pipe(
        // at a terminal nothing would be seen to happen
        TE.fromTask(async () => {
          if (cli.deps.stdin.isTTY === true) await cli.remark([waits])
        }),
        TE.flatMap(() => runBatch(cli.deps, ledger, cli.signal))
      )
    )
  })
}
