import type { Command } from 'commander'
import type { Cli, Shared } from '../cli.ts'
import { shared } from '../options/shared.ts'
import { type TailOptions, tailOptions } from '../options/tail.ts'
import { tail } from '../tail/tail.ts'

export const tailCommand = (cli: Cli, command: Command): void => {
  tailOptions(shared(command)).action(() => {
    const options = command.optsWithGlobals<Shared & TailOptions>()
    return cli.run(options, false, (ledger) => tail(cli, ledger, options))
  })
}
