import type { Command } from 'commander'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { type Cli, type Shared, unlessStopped } from '../cli.ts'
import { type KeyOptions, keyFrom, keyOptions } from '../options/key.ts'
import { shared } from '../options/shared.ts'
import { timeline } from '../shape/describe.ts'
import { eventJson } from '../shape/json.ts'
import { each, headline } from '../terminal/view.ts'

export const historyCommand = (cli: Cli, command: Command): void => {
  keyOptions(shared(command)).action(() => {
    const options = command.optsWithGlobals<Shared & KeyOptions>()
    return cli.answer(options, false, (ledger) =>
      pipe(
        unlessStopped(cli.signal)(ledger.history(keyFrom(options))),
        TE.map((entries) => ({
          json: { events: each(entries, eventJson) },
          views: entries.length === 0 ? [headline('none: the key was never seen')] : [timeline(entries)]
        }))
      )
    )
  })
}
