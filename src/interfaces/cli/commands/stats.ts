import type { Command } from 'commander'
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { TaskProjections } from '../../../application/projections/projections.ts'
import { ask } from '../../../application/projections/row-reader.ts'
import { eventRates, holdsWidth, ratesOf } from '../../../application/projections/shipped/event-rates.ts'
import { keysByOperation, keyTimes } from '../../../application/projections/shipped/key-times.ts'
import { type StatsReport, statsReport } from '../../../application/use-cases/reports/stats.ts'
import type { Failure } from '../../../domain/failure.ts'
import type { Cli, Shared } from '../cli.ts'
import { type EventOptions, eventOptions, eventsFrom } from '../options/events.ts'
import { shared } from '../options/shared.ts'
import { duration } from '../options/values.ts'
import { type ReportOptions, reportOptions } from '../options/views.ts'
import { scanFindings } from '../shape/scan-findings.ts'
import { statsJson, statsViews } from '../shape/stats.ts'
import { answerByViews } from '../views/answer-by-views.ts'
import type { OfViews } from '../views/asked-of-views.ts'
import { sourceJson } from '../views/source.ts'

type Options = Shared & EventOptions & ReportOptions & { readonly every?: number }

/** What of the question the views do not hold: they tell of all keys and all times, by whole minutes. */
const unheld = ({ org, workspace, operation, from, until, every }: Options): string | undefined => {
  if ([org, workspace, operation].some((one) => one !== undefined)) {
    return 'the view of the rates does not hold whose each event was'
  }
  if (from !== undefined || until !== undefined) return 'the views do not hold when each key was completed'
  return every === undefined || holdsWidth(every) ? undefined : 'the view of the rates holds whole minutes'
}

const ofViews = (
  projections: TaskProjections,
  every: number | undefined
): TE.TaskEither<Failure, OfViews<StatsReport>> =>
  pipe(
    ask(projections.view(keyTimes), E.right(keysByOperation())),
    TE.bindTo('keys'),
    TE.bind('times', () => ask(projections.view(eventRates), ratesOf({ bucketMs: every }))),
    TE.map(({ keys, times }) => ({
      answer: statsReport('views', keys.answer, times.answer),
      moments: [keys.moment, times.moment]
    }))
  )

export const statsCommand = (cli: Cli, command: Command): void => {
  reportOptions(eventOptions(shared(command)))
    .option('--every <length>', 'count events for each such length of time (default: 1h)', duration)
    .action(() => {
      const options = command.optsWithGlobals<Options>()
      const findings = scanFindings(options.strict ?? false)
      return answerByViews(cli, options, {
        unheld: unheld(options),
        ofViews: (projections) => ofViews(projections, options.every),
        byScan: (ledger) => ledger.stats({ ...eventsFrom(options), bucketMs: options.every, ...findings.filter }),
        findings,
        report: (report, source) => ({
          json: { ...statsJson(report), ...sourceJson(source), ...findings.json() },
          views: statsViews(cli, report)
        })
      })
    })
}
