import type { Command } from 'commander'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { type Cli, type Shared, unlessStopped } from '../cli.ts'
import { findKey } from '../input/find-key.ts'
import { type KeyRefOptions, keyRefFrom, keyRefOptions } from '../options/key-ref.ts'
import { type MomentOptions, momentFrom, momentOptions } from '../options/moment.ts'
import { shared } from '../options/shared.ts'
import { asOfJson, asOfViews } from '../shape/audit.ts'

export const asOfCommand = (cli: Cli, command: Command): void => {
  momentOptions(keyRefOptions(shared(command))).action(() => {
    const options = command.optsWithGlobals<Shared & KeyRefOptions & MomentOptions>()
    const given = keyRefFrom(options, command)
    const at = momentFrom(command, options.at, options.revision)
    return cli.answer(options, false, (ledger) =>
      pipe(
        findKey(cli, ledger, given),
        TE.flatMap((key) => unlessStopped(cli.signal)(ledger.asOf({ ...key, at }))),
        TE.map((found) => ({ json: asOfJson(cli.deps, found), views: asOfViews(cli.deps, found) }))
      )
    )
  })
}
