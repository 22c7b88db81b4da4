import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { TaskLedger } from '../../../application/ledger.ts'
import type { TaskProjections } from '../../../application/projections/projections.ts'
import type { ViewMoment } from '../../../application/projections/walk.ts'
import type { Failure } from '../../../domain/failure.ts'
import { type Cli, type Shared, unlessStopped } from '../cli.ts'
import type { ReportOptions } from '../options/views.ts'
import { viewsFile } from '../options/views-file.ts'
import type { ScanFindings } from '../shape/scan-findings.ts'
import { inSnakeCase } from '../shape/snake-case.ts'
import type { Report } from '../terminal/view.ts'
import { type Source, sourceLines } from './source.ts'

/** What was asked of views, and the moments of each of them. */
export type OfViews<A> = { readonly answer: A; readonly moments: ReadonlyArray<ViewMoment> }

/** A question that views answer, and a scan of the log as well. */
export type Question<A> = {
  /** What was asked for that the views do not hold, if so. */
  readonly unheld?: string | undefined
  readonly ofViews: (projections: TaskProjections) => TE.TaskEither<Failure, OfViews<A>>
  readonly byScan: (ledger: TaskLedger) => TE.TaskEither<Failure, A>
  readonly findings: ScanFindings
  readonly report: (answer: A, source: Source) => Report
}

/** What a view lacks of the log it took in, if it does: keys that wait are not as they are. */
const lackOf = (moments: ReadonlyArray<ViewMoment>): string | undefined => {
  const waiting = moments.find(({ parkedKeys }) => parkedKeys > 0)
  return (
    waiting && `${waiting.parkedKeys} keys wait in the view ${waiting.view}: keyfold projections parked ${waiting.view}`
  )
}

const because = (failed: Failure): string => inSnakeCase(failed).message

/** A scan goes without saying in a pipe where nobody spoke of views. */
const isWorthSaying = ({ deps: { env, stderr } }: Cli, { views, scan }: ReportOptions, { _tag }: Source): boolean =>
  _tag === 'Views' ||
  (scan !== true && (stderr.isTTY === true || views !== undefined || (env['KEYFOLD_VIEWS'] ?? '') !== ''))

/** The answer of the views, or why it takes a scan. */
const askedOfViews = async <A>(
  cli: Cli,
  options: Shared & ReportOptions,
  { unheld, ofViews }: Question<A>
): Promise<E.Either<string, OfViews<A>>> => {
  if (options.scan === true) return E.left('--scan asks for it')
  if (unheld !== undefined) return E.left(unheld)
  const file = viewsFile(options.views, cli.deps.env)
  if (E.isLeft(file)) return E.left(because(file.left))
  const asked = await cli.askViews(options, file.right, (projections) =>
    unlessStopped(cli.signal)(ofViews(projections))
  )
  if (E.isLeft(asked)) return E.left(because(asked.left))
  const lack = lackOf(asked.right.moments)
  return lack === undefined ? asked : E.left(lack)
}

/** Answers from the views where they can, and by a scan where they cannot; either way it says so, and how stale that is. */
export const answerByViews = async <A>(
  cli: Cli,
  options: Shared & ReportOptions,
  question: Question<A>
): Promise<void> => {
  const { byScan, findings, report } = question
  const asked = await askedOfViews(cli, options, question)
  const tellOf = async (source: Source): Promise<void> => {
    if (options.json !== true && isWorthSaying(cli, options, source)) await cli.remark(sourceLines(source))
  }
  if (E.isRight(asked)) {
    const source: Source = { _tag: 'Views', moments: asked.right.moments }
    await tellOf(source)
    return cli.print(report(asked.right.answer, source), options)
  }
  const source: Source = { _tag: 'Scan', because: asked.left }
  await cli.answer(options, false, (ledger) =>
    pipe(
      unlessStopped(cli.signal)(byScan(ledger)),
      TE.tapTask(() => () => findings.tell(cli)),
      TE.tapTask(() => () => tellOf(source)),
      TE.map((answer) => report(answer, source))
    )
  )
}
