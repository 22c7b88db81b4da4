import type { Command } from 'commander'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { KeyDiff } from '../../../application/use-cases/audit/diff.ts'
import { type Cli, type Shared, unlessStopped } from '../cli.ts'
import type { CliDeps } from '../deps.ts'
import { findKey } from '../input/find-key.ts'
import { type KeyRefOptions, keyRefFrom, keyRefOptions } from '../options/key-ref.ts'
import { momentFrom } from '../options/moment.ts'
import { shared } from '../options/shared.ts'
import { count, moment } from '../options/values.ts'
import { asOfJson, asOfLine, valueJson, valueText } from '../shape/audit.ts'
import { timeline } from '../shape/describe.ts'
import { eventJson } from '../shape/json.ts'
import { snakeCase } from '../shape/snake-case.ts'
import { each, headline, type Report, table } from '../terminal/view.ts'

type Options = Shared &
  KeyRefOptions & {
    readonly from?: number
    readonly to?: number
    readonly fromRevision?: number
    readonly toRevision?: number
  }

const report = (deps: CliDeps, { from, to, fields, events }: KeyDiff): Report => ({
  json: {
    from: asOfJson(deps, from),
    to: asOfJson(deps, to),
    fields: fields.map(({ field, before, after }) => ({
      field: snakeCase(field),
      before: valueJson(before),
      after: valueJson(after)
    })),
    events: each(events, eventJson)
  },
  views: [
    headline(['from: ', ...asOfLine(from)]),
    headline(['to: ', ...asOfLine(to)]),
    ...(fields.length === 0 ? [headline('no field differs', 'quiet')] : []),
    ...(fields.length === 0
      ? []
      : [
          table(
            ['field', 'before', 'after'],
            fields.map(({ field, before, after }) => [snakeCase(field), valueText(before), valueText(after)])
          )
        ]),
    ...(events.length === 0 ? [] : [timeline(events)])
  ]
})

export const diffCommand = (cli: Cli, command: Command): void => {
  keyRefOptions(shared(command))
    .option('--from <time>', 'the earlier moment, by the time at which the store recorded', moment)
    .option('--from-revision <number>', 'the earlier moment, after this revision', count)
    .option('--to <time>', 'the later moment', moment)
    .option('--to-revision <number>', 'the later moment, after this revision', count)
    .action(() => {
      const options = command.optsWithGlobals<Options>()
      const given = keyRefFrom(options, command)
      const from = momentFrom(command, options.from, options.fromRevision, ['--from', '--from-revision'])
      const to = momentFrom(command, options.to, options.toRevision, ['--to', '--to-revision'])
      return cli.answer(options, false, (ledger) =>
        pipe(
          findKey(cli, ledger, given),
          TE.flatMap((key) => unlessStopped(cli.signal)(ledger.diff({ ...key, from, to }))),
          TE.map((found) => report(cli.deps, found))
        )
      )
    })
}
