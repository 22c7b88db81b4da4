import type { Command } from 'commander'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { type Cli, type Shared, unlessStopped } from '../cli.ts'
import { findKey } from '../input/find-key.ts'
import { type KeyRefOptions, keyRefFrom, keyRefOptions } from '../options/key-ref.ts'
import { shared } from '../options/shared.ts'
import { recordJson } from '../shape/json.ts'
import { recordRows } from '../shape/reports.ts'
import { fields, headline, type Report } from '../terminal/view.ts'

export const getCommand = (cli: Cli, command: Command): void => {
  keyRefOptions(shared(command)).action(() => {
    const options = command.optsWithGlobals<Shared & KeyRefOptions>()
    const given = keyRefFrom(options, command)
    return cli.answer(options, false, (ledger) =>
      pipe(
        findKey(cli, ledger, given),
        TE.flatMap((key) => unlessStopped(cli.signal)(ledger.get(key))),
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
