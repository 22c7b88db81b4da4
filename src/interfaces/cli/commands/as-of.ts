import type { Command } from 'commander'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { type Cli, type Shared, unlessStopped } from '../cli.ts'
import { type KeyOptions, keyFrom, keyOptions } from '../options/key.ts'
import { type MomentOptions, momentFrom, momentOptions } from '../options/moment.ts'
import { shared } from '../options/shared.ts'
import { asOfJson, asOfViews } from '../shape/audit.ts'

export const asOfCommand = (cli: Cli, command: Command): void => {
  momentOptions(keyOptions(shared(command))).action(() => {
    const options = command.optsWithGlobals<Shared & KeyOptions & MomentOptions>()
    const at = momentFrom(command, options.at, options.revision)
    return cli.answer(options, false, (ledger) =>
      pipe(
        unlessStopped(cli.signal)(ledger.asOf({ ...keyFrom(options), at })),
        TE.map((found) => ({ json: asOfJson(cli.deps, found), views: asOfViews(cli.deps, found) }))
      )
    )
  })
}
