import type { Command } from 'commander'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { type Cli, type Shared, unlessStopped } from '../cli.ts'
import { findKey } from '../input/find-key.ts'
import { type KeyRefOptions, keyRefFrom, keyRefOptions } from '../options/key-ref.ts'
import { shared } from '../options/shared.ts'
import { timeline } from '../shape/describe.ts'
import { eventJson } from '../shape/json.ts'
import { each, headline } from '../terminal/view.ts'

export const historyCommand = (cli: Cli, command: Command): void => {
  keyRefOptions(shared(command)).action(() => {
    const options = command.optsWithGlobals<Shared & KeyRefOptions>()
    const given = keyRefFrom(options, command)
    return cli.answer(options, false, (ledger) =>
      pipe(
        findKey(cli, ledger, given),
        TE.flatMap((key) => unlessStopped(cli.signal)(ledger.history(key))),
        TE.map((entries) => ({
          json: { events: each(entries, eventJson) },
          views: entries.length === 0 ? [headline('none: the key was never seen')] : [timeline(entries)]
        }))
      )
    )
  })
}
