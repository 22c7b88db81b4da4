import type { Command } from 'commander'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { ConflictRow } from '../../../domain/reports/conflicts.ts'
import { type Cli, type Shared, unlessStopped } from '../cli.ts'
import { type EventOptions, eventOptions, eventsFrom } from '../options/events.ts'
import { shared } from '../options/shared.ts'
import { count } from '../options/values.ts'
import { scanFindings } from '../shape/scan-findings.ts'
import { at, each, headline, table } from '../terminal/view.ts'

type Options = Shared & EventOptions & { readonly limit?: number }

const head = [
  'count',
  'operation',
  'fingerprint',
  { name: 'first', drop: 1 },
  { name: 'last', drop: 3 },
  { name: 'owners', drop: 2 }
]

const row = ({ count: times, operation, requestFingerprint, firstAtMs, lastAtMs, owners }: ConflictRow) => [
  times,
  operation,
  requestFingerprint,
  at(firstAtMs),
  at(lastAtMs),
  owners.join(', ')
]

const rowJson = ({ operation, requestFingerprint, count: times, firstAtMs, lastAtMs, owners }: ConflictRow) => ({
  operation,
  request_fingerprint: requestFingerprint,
  count: times,
  first_at_ms: firstAtMs,
  last_at_ms: lastAtMs,
  owners
})

export const conflictsCommand = (cli: Cli, command: Command): void => {
  eventOptions(shared(command))
    .option('--limit <number>', 'at most so many rows', count)
    .action(() => {
      const { limit = Number.POSITIVE_INFINITY, ...options } = command.optsWithGlobals<Options>()
      const findings = scanFindings(options.strict ?? false)
      return cli.answer(options, false, (ledger) =>
        pipe(
          unlessStopped(cli.signal)(ledger.conflicts({ ...eventsFrom(options), ...findings.filter })),
          TE.tapTask(() => () => findings.tell(cli)),
          TE.map(({ source, conflicts, unlisted }) => {
            const shown = conflicts.slice(0, limit)
            const left = conflicts.length - shown.length
            return {
              json: { source, conflicts: each(shown, rowJson), found: conflicts.length, unlisted, ...findings.json() },
              views: [
                table(head, each(shown, row)),
                headline(
                  `${conflicts.length} rows by a ${source}${left > 0 ? `, ${left} of them not shown` : ''}`,
                  'quiet'
                ),
                ...(unlisted > 0 ? [headline(`${unlisted} conflicts more, of other fingerprints`, 'quiet')] : [])
              ]
            }
          })
        )
      )
    })
}
