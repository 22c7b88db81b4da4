import type { Command } from 'commander'
import { runBatch } from '../batch/run-batch.ts'
import type { Cli, Shared } from '../cli.ts'
import { shared } from '../options/shared.ts'

export const batchCommand = (cli: Cli, command: Command): void => {
  shared(command).action(() => {
    const options = command.optsWithGlobals<Shared>()
    return cli.run(options, true, (ledger) => runBatch(cli.deps, ledger, cli.signal))
  })
}
