import type { Cli, Shared } from '../cli.ts'
import { shared } from '../options/shared.ts'
import { type TailOptions, tailOptions } from '../options/tail.ts'
import { tail } from '../tail/tail.ts'

export const tailCommand = (cli: Cli): void => {
  const command = cli.program
    .command('tail')
    .description('show events as they are recorded, a line each, until it is stopped')
  tailOptions(shared(command)).action(() => {
    const options = command.optsWithGlobals<Shared & TailOptions>()
    return cli.run(options, false, (ledger) => tail(cli, ledger, options))
  })
}
