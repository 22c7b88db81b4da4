import type { Command } from 'commander'
import { conflictsBy, keyConflicts } from '../../../application/projections/shipped/conflicts.ts'
import type { ConflictRow } from '../../../domain/reports/conflicts.ts'
import type { Cli, Shared } from '../cli.ts'
import { type EventOptions, eventOptions, eventsFrom } from '../options/events.ts'
import { shared } from '../options/shared.ts'
import { count } from '../options/values.ts'
import { type ReportOptions, reportOptions } from '../options/views.ts'
import { scanFindings } from '../shape/scan-findings.ts'
import { counted } from '../terminal/counted.ts'
import { at, each, headline, table } from '../terminal/view.ts'
import { answerByViews } from '../views/answer-by-views.ts'
import { asDefault, ofOneView } from '../views/of-one-view.ts'
import { sourceJson } from '../views/source.ts'

type Options = Shared & EventOptions & ReportOptions & { readonly limit?: number }

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

const wordsOf = { scan: 'a scan', views: 'the view' } as const

const unheld = ({ from, until }: Options): string | undefined =>
  from === undefined && until === undefined ? undefined : 'the view does not hold when each conflict was recorded'

export const conflictsCommand = (cli: Cli, command: Command): void => {
  reportOptions(eventOptions(shared(command)))
    .option('--limit <number>', 'at most so many rows', count)
    .action(() => {
      const { limit = Number.POSITIVE_INFINITY, ...options } = command.optsWithGlobals<Options>()
      const findings = scanFindings(options.strict ?? false)
      const { fromMs, untilMs, ...whose } = eventsFrom(options)
      return answerByViews(cli, options, {
        unheld: unheld(options),
        ofViews: (projections) => ofOneView(projections.view(keyConflicts), conflictsBy(asDefault(cli), whose)),
        byScan: (ledger) => ledger.conflicts({ ...whose, fromMs, untilMs, ...findings.filter }),
        findings,
        report: ({ source: by, conflicts, unlisted }, source) => {
          const shown = conflicts.slice(0, limit)
          const left = conflicts.length - shown.length
          return {
            json: {
              ...sourceJson(source),
              conflicts: each(shown, rowJson),
              found: conflicts.length,
              unlisted,
              ...findings.json()
            },
            views: [
              table(head, each(shown, row)),
              headline(
                `${counted(conflicts.length, 'row')} by ${wordsOf[by]}${left > 0 ? `, ${left} of them not shown` : ''}`,
                'quiet'
              ),
              ...(unlisted > 0 ? [headline(`${unlisted} conflicts more, of other fingerprints`, 'quiet')] : [])
            ]
          }
        }
      })
    })
}
