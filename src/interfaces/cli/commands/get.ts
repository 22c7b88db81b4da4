import type { Command } from 'commander'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { type Cli, type Shared, unlessStopped } from '../cli.ts'
import { type KeyOptions, keyFrom, keyOptions } from '../options/key.ts'
import { shared } from '../options/shared.ts'
import { recordJson } from '../shape/json.ts'
import { recordRows } from '../shape/reports.ts'
import { fields, headline, type Report } from '../terminal/view.ts'

export const getCommand = (cli: Cli, command: Command): void => {
  keyOptions(shared(command)).action(() => {
    const options = command.optsWithGlobals<Shared & KeyOptions>()
    return cli.answer(options, false, (ledger) =>
      pipe(
        unlessStopped(cli.signal)(ledger.get(keyFrom(options))),
        TE.map(
          (record): Report =>
            record === undefined
              ? { json: { record: null }, views: [headline('none: nobody holds the key')] }
              : {
                  json: { record: recordJson(cli.deps.toFileRecord)(record) },
                  views: [fields(recordRows(cli.deps, record))]
                }
        )
      )
    )
  })
}
