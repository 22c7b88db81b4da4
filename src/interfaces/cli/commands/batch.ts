import { runBatch } from '../batch/run-batch.ts'
import type { Cli, Shared } from '../cli.ts'
import { shared } from '../options/shared.ts'

export const batchCommand = (cli: Cli): void => {
  const command = cli.program
    .command('batch')
    .description('answer newline-delimited JSON commands from stdin on stdout, one answer a line, in order')
  shared(command).action(() => {
    const options = command.optsWithGlobals<Shared>()
    return cli.run(options, true, (ledger) => runBatch(cli.deps, ledger, cli.signal))
  })
}
