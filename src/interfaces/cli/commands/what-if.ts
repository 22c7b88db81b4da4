import { type Command, Option } from 'commander'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { WhatIf } from '../../../application/use-cases/audit/what-if/options.ts'
import { type Cli, type Shared, stopped } from '../cli.ts'
import { exit } from '../errors/exit-codes.ts'
import { someKey } from '../input/find-key.ts'
import { type KeyRefOptions, keyRefOptions, someKeyRefFrom } from '../options/key-ref.ts'
import { shared } from '../options/shared.ts'
import { duration, lease } from '../options/values.ts'
import { differenceHead, differenceJson, differenceRow } from '../shape/audit.ts'
import { unreadableJson, unreadableLine } from '../shape/scan-findings.ts'
import { counted } from '../terminal/counted.ts'
import { counter } from '../terminal/progress.ts'
import { each, headline, type Report, table } from '../terminal/view.ts'

type Options = Shared &
  KeyRefOptions & {
    readonly lease?: number | 'none'
    readonly retention?: number
    readonly takeover?: 'allow' | 'refuse'
    readonly reuse?: 'allow' | 'reject'
    readonly skew?: number
  }

const notes = (found: WhatIf): ReadonlyArray<string> => [
  ...(found.merged > 0
    ? [`of ${found.merged} merged requests only their number, their owners, and the first and the last time are known`]
    : []),
  ...(found.differing > 0 && found.differences.length === 1000 ? ['the first 1000 rows are shown'] : [])
]

const report = (found: WhatIf): Report => ({
  json: {
    keys: found.keys,
    requests: found.requests,
    merged: found.merged,
    differing: found.differing,
    differences: each(found.differences, differenceJson),
    ...(found.unreadableCount > 0
      ? { unreadable: found.unreadable.map(unreadableJson), unreadable_count: found.unreadableCount }
      : {})
  },
  views: [
    headline(
      `${found.differing} of ${counted(found.requests, 'request')} of ${counted(found.keys, 'key')} would have been answered differently`,
      found.differing === 0 ? 'good' : 'notice'
    ),
    ...notes(found).map((note) => headline(note, 'quiet')),
    ...(found.differences.length === 0 ? [] : [table(differenceHead, each(found.differences, differenceRow))])
  ]
})

export const whatIfCommand = (cli: Cli, command: Command): void => {
  keyRefOptions(shared(command))
    .option('--lease <length>', 'in place of every lease: 30s, 5m, …, or none', lease)
    .option('--retention <length>', 'in place of every retention, from completion on', duration)
    .addOption(new Option('--takeover <policy>', 'whether a lapsed lease is taken over').choices(['allow', 'refuse']))
    .addOption(
      new Option('--reuse <policy>', 'whether a key is used again after retention').choices(['allow', 'reject'])
    )
    .option('--skew <length>', 'how long after its end a lease still runs', duration)
    .action(() => {
      const options = command.optsWithGlobals<Options>()
      const given = someKeyRefFrom(options, command)
      return cli.answer(options, false, (ledger) =>
        pipe(
          someKey(cli, ledger, given),
          TE.flatMap((of) => async () => {
            const bar = counter(cli.deps, 'replaying', 'requests')
            return ledger
              .whatIf({
                of,
                lease: options.lease,
                retentionMs: options.retention,
                policy: { takeover: options.takeover, reuseAfterExpiry: options.reuse, clockSkewMs: options.skew },
                onProgress: ({ requests }) => bar.at(requests),
                signal: cli.signal
              })()
              .finally(bar.stop)
          }),
          TE.mapLeft((failed) => (cli.signal.aborted ? stopped : failed)),
          TE.tapTask(({ unreadable, unreadableCount }) => async () => {
            if (unreadableCount > 0) await cli.remark(unreadable.slice(0, 100).map(unreadableLine), exit.incomplete)
          }),
          TE.map(report)
        )
      )
    })
}
